/** Two figures of one thing. */
export interface Trade {
  /** More of it is better. */
  gain: number
  /** Less of it is better. */
  cost: number
}

/** Which of them no other beats: none has at least its gain for at most its cost, and more gain or less cost. */
export function paretoFront(trades: readonly Trade[]): boolean[] {
  return trades.map((trade) => !trades.some((other) => beats(other, trade)))
}

function beats(a: Trade, b: Trade): boolean {
  return a.gain >= b.gain && a.cost <= b.cost && (a.gain > b.gain || a.cost < b.cost)
}
