/** A command of the lab to be typed again, each word quoted where the shell of the platform would change it. */
export function labCommand(words: readonly string[], platform = process.platform): string {
  const quote = platform === 'win32' ? quoteForWindows : quoteForPosix
  return ['npm run --silent lab --', ...words.map(quote)].join(' ')
}

const PLAIN = /^[\w@%+=:,./-]+$/

function quoteForPosix(word: string): string {
  return PLAIN.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}

/** For cmd and PowerShell, as far as both agree. */
function quoteForWindows(word: string): string {
  return PLAIN.test(word) ? word : `"${word.replaceAll('"', '\\"')}"`
}
