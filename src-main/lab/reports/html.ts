import { escapeXml } from '../../contract/figures/svg.ts'

/** HTML that is whole by itself. Nothing else is ever put into a page as it is. */
export class Html {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

export type Content = Html | string | number | null | readonly Content[]

/** A piece of HTML in which whatever is put is text, unless it is HTML itself. Null is nothing. */
export const html = (pieces: TemplateStringsArray, ...contents: Content[]): Html =>
  new Html(
    pieces
      .map((piece, index) => piece + (index < contents.length ? toText(contents[index] ?? null) : ''))
      .join(''),
  )

function toText(content: Content): string {
  if (content === null) return ''
  if (content instanceof Html) return content.text
  if (typeof content === 'string' || typeof content === 'number') return escapeXml(String(content))
  return content.map(toText).join('')
}

/** What a user has written: isolated, so that no sign of direction in it turns what follows. */
export const written = (text: string): Html => html`<bdi>${text}</bdi>`

/** Words that may be many, or stand in lines: broken where a table would grow too wide. */
export const long = (text: Content): Html => html`<span class="long">${text}</span>`

export interface Column<Row> {
  title: Content
  isNumber?: boolean
  cell: (row: Row) => Content
}

/** A table in a place of its own that scrolls where the page is narrow; the first column names the row. */
export function table<Row>(name: string, columns: readonly Column<Row>[], rows: readonly Row[]): Html {
  const look = ({ isNumber }: Column<Row>) => (isNumber ? html` class="number"` : null)
  return html`<div class="scroll" role="region" aria-label="${name}" tabindex="0"><table>
<thead><tr>${columns.map((column) => html`<th scope="col"${look(column)}>${column.title}</th>`)}</tr></thead>
<tbody>
${rows.map(
  (row) => html`<tr>${columns.map((column, index) =>
    index === 0
      ? html`<th scope="row"${look(column)}>${column.cell(row)}</th>`
      : html`<td${look(column)}>${column.cell(row)}</td>`,
  )}</tr>
`,
)}</tbody>
</table></div>`
}
