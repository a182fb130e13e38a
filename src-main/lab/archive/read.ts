import { createHash } from 'node:crypto'
import { statSync } from 'node:fs'
import { type Entry, openPromise, type ZipFile } from 'yauzl'
import type { z } from 'zod'
import { LabError } from '../errors.ts'
import {
  type ArchivedRun,
  archivedRun,
  formatName,
  formatVersion,
  limits,
  type Manifest,
  manifest,
  manifestHead,
  runEntryName,
  runFileNames,
} from './format.ts'
import { damaged, readLines } from './records.ts'

export interface OpenArchive extends AsyncDisposable {
  manifest: Manifest
  runs: ArchivedRun[]
  /** Unpacked, all entries together. */
  bytes: number
  /** The unpacked content of an entry; its end is reached only if size and SHA-256 are those of the manifest. */
  read(name: string): AsyncIterable<Buffer>
}

const manifestName = 'manifest.json'
const runsName = 'runs.jsonl'

/** Unix permissions stand in the upper half of the external attributes, the kind of file in their upper bits. */
const linkKind = 0o120000
const kindMask = 0o170000

/** Opens an archive and checks all that can be checked before its content is read. */
export async function openArchive(file: string): Promise<OpenArchive> {
  const zip = await openZip(file)
  try {
    const entries = await listEntries(zip)
    const read = parseManifest(await readWhole(zip, entries, manifestName))
    const described = new Map(read.entries.map((entry) => [entry.name, entry]))
    const contentOf = (name: string) => {
      const entry = entries.get(name)
      const expected = described.get(name)
      if (entry === undefined || expected === undefined) throw damaged(name, 'is missing')
      return checkedContent(zip, entry, expected)
    }
    const runs: ArchivedRun[] = []
    for await (const line of readLines(contentOf(runsName), runsName))
      runs.push(parseLine(archivedRun, line, runsName))
    checkNames(entries, described, runs)
    checkLineage(runs)
    return {
      manifest: read,
      runs,
      bytes: read.entries.reduce((sum, { bytes }) => sum + bytes, 0),
      read: contentOf,
      [Symbol.asyncDispose]: () => closeZip(zip),
    }
  } catch (error) {
    await closeZip(zip)
    throw error instanceof LabError ? error : damaged('itself', 'does not read as a zip file', error)
  }
}

async function openZip(file: string): Promise<ZipFile> {
  if (!statSync(file, { throwIfNoEntry: false })?.isFile())
    throw new LabError('NOT_FOUND', `There is no file ${file}.`)
  try {
    return await openPromise(file, { autoClose: false, strictFileNames: true, validateEntrySizes: true })
  } catch (cause) {
    throw new LabError(
      'INVALID',
      `${file} is no archive of an experiment, or it is cut off. Nothing was changed.`,
      {
        cause,
      },
    )
  }
}

async function closeZip(zip: ZipFile): Promise<void> {
  if (!zip.isOpen) return
  await new Promise<void>((resolve) => {
    zip.once('close', () => resolve())
    zip.close()
  })
}

async function listEntries(zip: ZipFile): Promise<ReadonlyMap<string, Entry>> {
  if (zip.entryCount > limits.entries) throw damaged('list', `names more than ${limits.entries} parts`)
  const entries = new Map<string, Entry>()
  let bytes = 0
  for await (const entry of zip.eachEntry()) {
    const name = entry.fileName
    bytes += entry.uncompressedSize
    if (entries.has(name)) throw damaged(name, 'is there twice')
    if (((entry.externalFileAttributes >>> 16) & kindMask) === linkKind) throw damaged(name, 'is a link')
    if (entry.isEncrypted()) throw damaged(name, 'is encrypted')
    if (bytes > limits.bytes) throw damaged(name, 'makes it larger than an archive may be')
    if (
      entry.uncompressedSize > limits.ratioFreeBytes &&
      entry.uncompressedSize > limits.ratio * entry.compressedSize
    )
      throw damaged(name, `unpacks to more than ${limits.ratio} times its size`)
    entries.set(name, entry)
  }
  return entries
}

async function readWhole(zip: ZipFile, entries: ReadonlyMap<string, Entry>, name: string): Promise<string> {
  const entry = entries.get(name)
  if (entry === undefined) throw damaged(name, 'is missing')
  if (entry.uncompressedSize > limits.manifestBytes) throw damaged(name, 'is too large')
  const chunks: Buffer[] = []
  for await (const chunk of await zip.openReadStreamPromise(entry)) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}

function parseManifest(text: string): Manifest {
  const json = parseJson(text, manifestName)
  const head = manifestHead.safeParse(json)
  if (!head.success) throw damaged(manifestName, `does not say that it is a ${formatName}`)
  if (head.data.version > formatVersion)
    throw new LabError(
      'INVALID',
      `The archive was written by a newer SQRL Lab (its format is ${head.data.version}, this one reads up to ${formatVersion}). Update SQRL Lab; nothing was changed.`,
    )
  const parsed = manifest.safeParse(json)
  if (!parsed.success) throw damaged(manifestName, 'is not understood', parsed.error)
  return parsed.data
}

/** Every part that a run has, none besides, and the manifest knows the same. */
function checkNames(
  entries: ReadonlyMap<string, Entry>,
  described: ReadonlyMap<string, unknown>,
  runs: readonly ArchivedRun[],
): void {
  const expected = new Set([
    manifestName,
    runsName,
    ...runs.flatMap(({ key }) => runFileNames.map((file) => runEntryName(key, file))),
  ])
  for (const name of entries.keys()) if (!expected.has(name)) throw damaged(name, 'does not belong there')
  for (const name of expected)
    if (!entries.has(name) || (name !== manifestName && !described.has(name)))
      throw damaged(name, 'is missing')
  if (described.size !== expected.size - 1) throw damaged(manifestName, 'lists parts that are not there')
}

function checkLineage(runs: readonly ArchivedRun[]): void {
  const keys = new Set(runs.map(({ key }) => key))
  if (keys.size !== runs.length) throw damaged(runsName, 'has a run twice')
  for (const { key, pretrainKey } of runs) {
    if (pretrainKey === null) continue
    const pretrain = runs.find((run) => run.key === pretrainKey)
    // A pre-training run starts from nothing, so no run can be its own ancestor.
    if (pretrain === undefined || pretrain.pretrainKey !== null)
      throw damaged(runsName, `has a run ${key} that starts from a run that is not there`)
  }
}

async function* checkedContent(
  zip: ZipFile,
  entry: Entry,
  expected: Manifest['entries'][number],
): AsyncGenerator<Buffer> {
  const name = entry.fileName
  if (entry.uncompressedSize !== expected.bytes)
    throw damaged(name, 'has another size than the manifest says')
  const hash = createHash('sha256')
  try {
    for await (const chunk of await zip.openReadStreamPromise(entry)) {
      hash.update(chunk)
      yield chunk
    }
  } catch (error) {
    throw error instanceof LabError ? error : damaged(name, 'does not unpack', error)
  }
  if (hash.digest('hex') !== expected.sha256)
    throw damaged(name, 'has another checksum than the manifest says')
}

export function parseLine<T>(schema: z.ZodType<T>, line: string, name: string): T {
  const parsed = schema.safeParse(parseJson(line, name))
  if (!parsed.success) throw damaged(name, 'is not understood', parsed.error)
  return parsed.data
}

function parseJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw damaged(name, 'is not understood', cause)
  }
}
