/**
 * Work on charts, each piece a task of its own: a view with twenty charts answers between them instead of drawing them all before it does anything else.
 */
const waiting = new Map<object, () => void>()
let channel: MessageChannel | null = null
let isUnderWay = false

/** What the same owner asked for and has not been done gives way to it. */
export function drawSoon(owner: object, work: () => void): void {
  waiting.set(owner, work)
  if (!isUnderWay) next()
}

export function drawNoMore(owner: object): void {
  waiting.delete(owner)
}

function next(): void {
  isUnderWay = waiting.size > 0
  if (!isUnderWay) return
  if (channel === null) {
    channel = new MessageChannel()
    channel.port1.onmessage = run
  }
  // Comes sooner than a timer, and still lets the page be drawn in between.
  channel.port2.postMessage(null)
}

function run(): void {
  const [first] = waiting
  if (first !== undefined) waiting.delete(first[0])
  try {
    first?.[1]()
  } finally {
    next()
  }
}
