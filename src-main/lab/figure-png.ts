import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { initWasm, Resvg } from '@resvg/resvg-wasm'
import type { ExportedFiles } from './run-export.ts'

/** Pixels of a PNG per pixel of its SVG: sharp on paper at half the width of a page. */
const ZOOM = 2
const { resolve } = createRequire(import.meta.url)
const readPackaged = (name: string) => readFile(resolve(name))

/** The figures' own typeface, since a machine may have no other. */
const typefaces = [
  '@expo-google-fonts/inter/400Regular/Inter_400Regular.ttf',
  '@expo-google-fonts/inter/600SemiBold/Inter_600SemiBold.ttf',
]

let ready: Promise<Uint8Array[]> | null = null

async function prepare(): Promise<Uint8Array[]> {
  const [wasm, ...fonts] = await Promise.all(
    ['@resvg/resvg-wasm/index_bg.wasm', ...typefaces].map(readPackaged),
  )
  if (wasm) await initWasm(new Uint8Array(wasm))
  return fonts
}

/** Files as they are, with each figure's SVG as PNG beside it. */
export async function withPngs(
  files: Readonly<Record<string, string>>,
  signal?: AbortSignal,
): Promise<ExportedFiles> {
  const all: ExportedFiles = { ...files }
  for (const [name, content] of Object.entries(files)) {
    signal?.throwIfAborted()
    if (name.endsWith('.svg')) all[name.replace(/svg$/, 'png')] = await toPng(content)
  }
  return all
}

/** A figure's SVG as PNG, drawn without a browser. */
export async function toPng(svg: string): Promise<Uint8Array> {
  ready ??= prepare()
  const fontBuffers = await ready
  const picture = new Resvg(svg, {
    fitTo: { mode: 'zoom', value: ZOOM },
    font: { fontBuffers, defaultFontFamily: 'Inter' },
  })
  try {
    const rendered = picture.render()
    try {
      return rendered.asPng()
    } finally {
      rendered.free()
    }
  } finally {
    picture.free()
  }
}
