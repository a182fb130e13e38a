import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import * as tf from '@tensorflow/tfjs'

const PACKAGE = '@tensorflow/tfjs-node'
/** Where scripts/build-tfjs-node.mjs puts a package whose binding it built, relative to the project's folder. */
const BUILT_FOLDER = join('.cache', 'eager-engine')

export const BACKEND = 'tensorflow'

/**
 * Registers TensorFlow's backend with our own copy of TensorFlow.js; resolves with the package's version, throws where it does not load.
 * The package is optional: npm leaves it out where the library that it downloads cannot be had.
 */
export function loadTensorflowBinding(): string {
  const require = createRequire(packageParent())
  const { version }: { version: string } = require(`${PACKAGE}/package.json`)
  prepareProcess()
  require(PACKAGE)
  if (!tf.findBackend(BACKEND))
    throw new Error(`${PACKAGE} brought another copy of TensorFlow.js, which cannot share our tensors.`)
  return version
}

/** A file beside the node_modules to look in: the one built by our script, from any folder above this file, or the usual one. */
function packageParent(): string {
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    const built = join(folder, BUILT_FOLDER)
    if (existsSync(join(built, 'node_modules', PACKAGE))) return join(built, 'package.json')
    if (dirname(folder) === folder) return import.meta.filename
  }
}

function prepareProcess(): void {
  // One thread, as in the compiled engine: results must not depend on scheduling, and each worker has one core.
  process.env.TF_NUM_INTRAOP_THREADS ??= '1'
  process.env.TF_NUM_INTEROP_THREADS ??= '1'
  // No greeting on stderr, and no faster here with them: an eager update is many small operations.
  process.env.TF_ENABLE_ONEDNN_OPTS ??= '0'
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2'
  // Version 4.22 calls one function of node:util that Node 23 took away, and one that warns.
  const util: object = createRequire(import.meta.url)('node:util')
  const isNullOrUndefined = (value: unknown) => value === null || value === undefined
  Object.assign(util, { isNullOrUndefined, isArray: Array.isArray })
}
