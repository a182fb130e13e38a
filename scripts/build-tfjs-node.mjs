import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setup } from './setup.mjs'
import { fromRoot, node24, runMain, runQuietly, sayOnStdout, Trouble } from './workshop.mjs'

/**
 * Builds the eager engine's binding where @tensorflow/tfjs-node cannot download TensorFlow's C library by itself: the same library is in the
 * Python package tensorflow-cpu. Needs Linux, python3 with pip, and g++; takes about a minute and 1 GB of disk.
 *
 * Everything goes to .cache/eager-engine, so that neither package.json nor node_modules changes. The package found there takes TensorFlow.js
 * from our node_modules, further up the path: the engine must share our copy of it.
 */
const folder = fromRoot('.cache', 'eager-engine')
const partial = `${folder}.partial-${process.pid}`
const packageFolder = join(partial, 'node_modules', '@tensorflow', 'tfjs-node')
const tensorflowVersion = '2.21.0'
/** Node-API's headers alone; the binding uses nothing else of Node. */
const headersVersion = '1.5.0'
/** The libraries do not depend on Python; naming a version finds a wheel whatever Python is here. */
const wheelPythonVersion = '3.11'

/** Copies from the wheel, argv[1], to deps, argv[2], what the binding includes and links. */
const unpackWheel = `
import glob, os, sys, zipfile
wheel = zipfile.ZipFile(glob.glob(os.path.join(sys.argv[1], '*.whl'))[0])
headers = tuple('tensorflow/include/' + part for part in ('tensorflow/c/', 'tensorflow/core/platform/', 'tsl/platform/', 'xla/tsl/c/'))
libraries = ('tensorflow/libtensorflow_cc.so.2', 'tensorflow/libtensorflow_framework.so.2')
wheel.extractall(sys.argv[2], [name for name in wheel.namelist() if name.startswith(headers) or name in libraries])
`

const tryToLoad = `
const { loadEagerEngine } = await import('./src-main/engine/eager/eager-engine.ts')
const engine = await loadEagerEngine()
console.log('unavailable' in engine ? engine.unavailable : engine.name)
process.exitCode = 'unavailable' in engine ? 1 : 0
`

runMain(async () => {
  await setup({ build: false })
  const before = await load()
  if (before.code === 0) {
    sayOnStdout(`The engine ${lastLine(before.output)} is in place.`)
    return
  }
  if (process.platform !== 'linux')
    throw new Trouble(
      'The eager engine is built from a Python wheel on Linux only. Elsewhere, npm install fetches its library itself.',
    )
  await need('python3', ['-m', 'pip', '--version'], 'Python 3 with pip')
  await need('g++', ['--version'], 'g++')

  sayOnStdout('Building the eager engine: about 300 MB are downloaded, which takes a minute or so.')
  try {
    await mkdir(partial, { recursive: true })
    await Promise.all([installPackage(), fetchLibrary()])
    await compile()
    await rm(folder, { recursive: true, force: true })
    await rename(partial, folder)
  } finally {
    await rm(partial, { recursive: true, force: true })
  }
  const after = await load()
  if (after.code !== 0) throw new Trouble(`It was built but does not load. ${after.output.trim()}`)
  sayOnStdout(`Built the engine ${lastLine(after.output)}.`)
})

const lastLine = (output) => output.trim().split('\n').at(-1)

function load() {
  return runQuietly(node24, [
    '--disable-warning=ExperimentalWarning',
    '--input-type=module',
    '--eval',
    tryToLoad,
  ])
}

async function need(command, args, name) {
  const { code } = await runQuietly(command, args)
  if (code !== 0) throw new Trouble(`Building the eager engine needs ${name}; install it and try again.`)
}

async function run(what, command, args) {
  const { code, output } = await runQuietly(command, args)
  if (code !== 0) throw new Trouble(`${output.trim()}\n${what} failed (its output is above).`)
}

/** The npm package and what it requires, without install scripts and without a second TensorFlow.js. */
async function installPackage() {
  const { optionalDependencies } = JSON.parse(await readFile(fromRoot('package.json'), 'utf8'))
  const dependencies = {
    '@tensorflow/tfjs-node': optionalDependencies['@tensorflow/tfjs-node'],
    'node-api-headers': headersVersion,
  }
  await writeFile(join(partial, 'package.json'), JSON.stringify({ private: true, dependencies }))
  const npm = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock']
  await run('Installing @tensorflow/tfjs-node', 'npm', [...npm, '--prefix', partial])
  const scope = join(partial, 'node_modules', '@tensorflow')
  for (const name of await readdir(scope))
    if (name !== 'tfjs-node') await rm(join(scope, name), { recursive: true })
}

/** TensorFlow's headers and libraries, in `partial`/tensorflow. */
async function fetchLibrary() {
  const wheels = join(partial, 'wheels')
  const platform = ['--python-version', wheelPythonVersion, '--only-binary', ':all:', '--no-deps']
  const pip = ['-m', 'pip', 'download', `tensorflow-cpu==${tensorflowVersion}`, ...platform, '--dest', wheels]
  await run('Downloading tensorflow-cpu', 'python3', pip)
  await run('Unpacking tensorflow-cpu', 'python3', ['-c', unpackWheel, wheels, partial])
  await rm(wheels, { recursive: true })
}

async function compile() {
  const output = join(packageFolder, 'lib', 'napi-v8')
  const libraries = join(packageFolder, 'deps', 'lib')
  await mkdir(output, { recursive: true })
  await mkdir(libraries, { recursive: true })
  const files = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2']
  for (const file of files) await rename(join(partial, 'tensorflow', file), join(libraries, file))
  const sources = ['tfjs_backend.cc', 'tfjs_binding.cc'].map((file) => join(packageFolder, 'binding', file))
  const includes = [
    join(partial, 'node_modules', 'node-api-headers', 'include'),
    join(partial, 'tensorflow', 'include'),
  ]
  await run('Compiling the binding', 'g++', [
    ...['-O2', '-std=c++17', '-shared', '-fPIC', '-DNAPI_VERSION=8', '-DNODE_GYP_MODULE_NAME=tfjs_binding'],
    ...includes.map((path) => `-I${path}`),
    ...sources,
    ...files.map((file) => join(libraries, file)),
    '-Wl,-rpath,$ORIGIN/../../deps/lib',
    '-o',
    join(output, 'tfjs_binding.node'),
  ])
}
