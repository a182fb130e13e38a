import { homedir, hostname, userInfo } from 'node:os'

export interface Person {
  home: string
  user: string
  host: string
}

function thisPerson(): Person {
  return { home: homedir(), user: userInfo().username, host: hostname() }
}

/** Names shorter than this would be struck out of ordinary words. */
const shortestName = 3

/**
 * A text without what would tell who the user is or let somebody in: tokens, cookies, addresses with passwords, paths, the names of
 * user and machine. A path keeps its last part, by which a fault can still be found.
 */
export function redact(text: string, person: Person = thisPerson()): string {
  const names = [
    [person.user, '<user>'],
    [person.host, '<machine>'],
  ] as const
  let clean = text
    .replaceAll(/\b([a-z][a-z\d+.-]*:\/\/)[^\s/@]+@/gi, '$1<secret>@')
    .replaceAll(
      /((?:token|secret|password|passwd|api[-_]?key|session|sqrl-lab-\d+)["']?\s*[=:]\s*["']?)[^\s"'&;,)]+/gi,
      '$1<secret>',
    )
    .replaceAll(/\b((?:bearer|basic)\s+)[\w+/=.-]{8,}/gi, '$1<secret>')
    .replaceAll(/\b((?:set-)?cookie["']?\s*:\s*)[^\n]+/gi, '$1<secret>')
    // Whatever looks like one of our own keys: 256 bits in base64url, or as hexadecimal digits.
    .replaceAll(/(?<![\w-])[\w-]{43}(?![\w-])/g, '<secret>')
    .replaceAll(/\b[\da-f]{64}\b/gi, '<secret>')
  clean = clean.replaceAll(person.home, '~').replaceAll(person.home.replaceAll('\\', '\\\\'), '~')
  clean = clean
    .replaceAll(/file:\/\/[^\s"'<>|)\]]*/gi, keepLast)
    // With spaces inside only where quotes say where it ends.
    .replaceAll(
      /(["'`])((?:~|\/|[a-z]:[\\/]|\\\\)[^"'`\n]*[\\/][^"'`\n]*)\1/gi,
      (_, quote, path) => quote + keepLast(path) + quote,
    )
    .replaceAll(
      /(?<![\w<>.:/\\])(?:~|[a-z]:|\\\\)?[\\/](?:[^\s\\/"'`<>|:*?)\]]+[\\/])+[^\s\\/"'`<>|:*?)\]]*/gi,
      keepLast,
    )
    .replaceAll(/(?<=\()(?:~|[a-z]:)?[\\/][^\s)"']+/gi, keepLast)
  for (const [name, instead] of names) {
    if (name.length < shortestName) continue
    const pattern = name.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
    clean = clean.replaceAll(new RegExp(`(?<![\\w])${pattern}(?![\\w])`, 'gi'), instead)
  }
  return clean
}

function keepLast(path: string): string {
  const last = path.split(/[\\/]/).filter(Boolean).at(-1) ?? ''
  return `<path>/${last}`
}
