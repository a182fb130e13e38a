import type { Layout, Shape } from './layout.ts'

export const figureFont = '"Inter Variable", Inter, "Helvetica Neue", Arial, sans-serif'

type Resolve = (colour: string) => string

/** A whole SVG file, titled for readers who hear it. `resolve` turns CSS colours into such as any program knows. */
export function toSvg(layout: Layout, title: string, resolve: Resolve): string {
  const { width, height, shapes } = layout
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${escapeXml(figureFont)}">`,
    `<title>${escapeXml(title)}</title>`,
    clipOf(layout, 'plot'),
    `<rect width="${width}" height="${height}" fill="${resolve('var(--paper)')}"/>`,
    ...shapes.map((shape) => toElement(shape, resolve, 'plot')),
    '</svg>\n',
  ].join('\n')
}

export interface InlineTexts {
  /** Unlike any other on the page. */
  id: string
  title: string
  /** What a reader who hears the page should know of it. */
  description: string
  /** Of the figure's points, by their places. */
  points?: readonly { label: string }[]
}

/** The same as a part of a page of HTML, with the page's own colours and type; it shrinks with its place. */
export function toInlineSvg(layout: Layout, { id, title, description, points = [] }: InlineTexts): string {
  const { width, height, shapes } = layout
  const plot = `${id}-plot`
  return [
    `<svg width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="${escapeXml(`${id}-title ${id}-text`)}">`,
    `<title id="${escapeXml(`${id}-title`)}">${escapeXml(title)}</title>`,
    `<desc id="${escapeXml(`${id}-text`)}">${escapeXml(description)}</desc>`,
    clipOf(layout, plot),
    ...shapes.map((shape) => {
      const point = shape.kind === 'path' && shape.point !== undefined ? points[shape.point] : undefined
      return toElement(shape, (colour) => colour, plot, point?.label)
    }),
    '</svg>',
  ].join('\n')
}

function clipOf({ plot: { left, top, right, bottom } }: Layout, id: string): string {
  return `<clipPath id="${escapeXml(id)}"><rect x="${left}" y="${top - 6}" width="${right - left + 6}" height="${bottom - top + 12}"/></clipPath>`
}

function toElement(shape: Shape, resolve: Resolve, clip: string, title?: string): string {
  if (shape.kind === 'text') {
    const { x, y, text, size, anchor, colour, weight, isTurned } = shape
    return `<text${attributes({
      x,
      y,
      'font-size': size,
      'text-anchor': anchor,
      fill: resolve(colour),
      'font-weight': weight,
      transform: isTurned ? `rotate(-90 ${x} ${y})` : undefined,
    })}>${escapeXml(text)}</text>`
  }
  const { d, stroke, fill, width, dash, opacity, isLegend } = shape
  const path = `<path${attributes({
    d,
    fill: fill === undefined ? 'none' : resolve(fill),
    stroke: stroke === undefined ? undefined : resolve(stroke),
    'stroke-width': width,
    'stroke-dasharray': dash?.join(' '),
    'stroke-linejoin': stroke === undefined ? undefined : 'round',
    opacity,
    'clip-path': isLegend ? undefined : `url(#${clip})`,
  })}`
  return title === undefined ? `${path}/>` : `${path}><title>${escapeXml(title)}</title></path>`
}

function attributes(values: Record<string, string | number | undefined>): string {
  return Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}="${escapeXml(String(value))}"`)
    .join('')
}

/** For text and for attributes in quotes, of XML and of HTML. Characters that neither may hold are marked as lost. */
export function escapeXml(text: string): string {
  return (
    text
      .toWellFormed()
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
      .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffe\uffff]/g, '\ufffd')
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
      .replaceAll("'", '&#39;')
  )
}
