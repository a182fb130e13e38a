import type { Layout, Shape } from './layout.ts'

export const figureFont = '"Inter Variable", Inter, "Helvetica Neue", Arial, sans-serif'

/** A whole SVG file, titled for readers who hear it. `resolve` turns CSS colours into such as any program knows. */
export function toSvg(
  { width, height, shapes, plot }: Layout,
  title: string,
  resolve: (colour: string) => string,
): string {
  const { left, top, right, bottom } = plot
  const clip = `<clipPath id="plot"><rect x="${left}" y="${top - 6}" width="${right - left + 6}" height="${bottom - top + 12}"/></clipPath>`
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${escapeXml(figureFont)}">`,
    `<title>${escapeXml(title)}</title>`,
    clip,
    `<rect width="${width}" height="${height}" fill="${resolve('var(--paper)')}"/>`,
    ...shapes.map((shape) => toElement(shape, resolve)),
    '</svg>\n',
  ].join('\n')
}

function toElement(shape: Shape, resolve: (colour: string) => string): string {
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
  const { d, stroke, fill, width, dash, opacity } = shape
  return `<path${attributes({
    d,
    fill: fill === undefined ? 'none' : resolve(fill),
    stroke: stroke === undefined ? undefined : resolve(stroke),
    'stroke-width': width,
    'stroke-dasharray': dash?.join(' '),
    'stroke-linejoin': stroke === undefined ? undefined : 'round',
    opacity,
    'clip-path': 'url(#plot)',
  })}/>`
}

function attributes(values: Record<string, string | number | undefined>): string {
  return Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}="${escapeXml(String(value))}"`)
    .join('')
}

function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
