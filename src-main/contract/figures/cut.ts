/**
 * A name that is too long, with its middle left out at a word where that is possible: names of one family begin alike and mostly differ towards
 * their ends, of which more is kept.
 */
export function cutInMiddle(name: string, letters: number): string {
  const most = Math.max(3, Math.floor(letters))
  if (name.length <= most) return name
  const headLetters = Math.floor((most - 1) * 0.4)
  const head = name.slice(0, headLetters)
  const lastSpace = head.lastIndexOf(' ')
  const kept = lastSpace > headLetters / 2 ? head.slice(0, lastSpace) : head
  return `${kept.replace(/[\s,.;:]+$/, '')}…${name.slice(name.length - (most - 1 - headLetters)).trimStart()}`
}
