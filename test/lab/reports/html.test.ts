import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { html, table, written } from '../../../src-main/lab/reports/html.ts'

const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    '</style><svg onload=alert(1)>',
    '</title></desc>',
    '&lt;b&gt; &amp;#60;',
    '<!-- ',
    ']]>',
    '\u0000\u0008\u202e\ud800',
  ),
)

/** What a reader of HTML makes of escaped text. */
const read = (text: string) =>
  text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')

/** HTML has no place for most control characters. */
const isLost = (sign: string) =>
  '\ufffe\uffff\u007f'.includes(sign) || (sign < ' ' && !'\t\n\r'.includes(sign))

describe('html', () => {
  it('takes whatever is put in as text, and loses nothing but what HTML cannot hold', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const [, inAttribute = '', inElement = ''] =
          html`<p title="${text}">${text}</p>`.text.match(/^<p title="([^"]*)">([^<]*)<\/p>$/) ?? []
        expect(inElement).toBe(inAttribute)
        const kept = [...text.toWellFormed()].map((sign) => (isLost(sign) ? '\ufffd' : sign)).join('')
        expect(read(inElement)).toBe(kept)
      }),
    )
  })

  it('isolates what users wrote from what follows', () => {
    expect(written('\u202eabc').text).toBe('<bdi>\u202eabc</bdi>')
  })
})

describe('table()', () => {
  it('names itself, its columns and its rows to readers who hear it', () => {
    const { text } = table('Sizes', [{ title: 'Name', cell: (row: string) => row }], ['a < b'])
    expect(text).toContain('role="region" aria-label="Sizes" tabindex="0"')
    expect(text).toContain('<th scope="col">Name</th>')
    expect(text).toContain('<th scope="row">a &lt; b</th>')
  })
})
