import { buffer } from 'node:stream/consumers'
import { ZipFile } from 'yazl'
import type { Checkpoint, Run } from '../contract/runs.ts'
import type { ArrayBundle } from '../training/messages.ts'
import { type ExportedFiles, exportLayersModels, exportNetworks } from './run-export.ts'

const readMe = `Networks of one checkpoint, trained by SQRL Lab.

onnx/            for ONNX Runtime and others: policy.onnx, and safety-critic.onnx where the method has one
tensorflow-js/   the same networks for tf.loadLayersModel('.../model.json'), each in a folder of its own
checkpoint.json  run, step, task and settings

policy: observation -> action (without noise), mean and log_deviation of the Gaussian before tanh; for WCPG the observation
        ends with the risk level's factor, phi(Phi^-1(alpha)) / alpha (1.755 for alpha 0.1)
safety critic: observation and action -> q_safe, the discounted probability of failure
`

/** Networks of a checkpoint in both formats, with what is needed to know what they are. */
export function checkpointFiles(run: Run, checkpoint: Checkpoint, networks: ArrayBundle): ExportedFiles {
  const onnx = Object.entries(exportNetworks(run.specification, networks))
  const layers = Object.entries(exportLayersModels(run.specification, networks))
  const { id, experimentId, specification, provenance } = run
  const origin = { run: id, experiment: experimentId, step: checkpoint.step, specification, provenance }
  return {
    'README.txt': readMe,
    'checkpoint.json': `${JSON.stringify(origin, null, 2)}\n`,
    ...Object.fromEntries(onnx.map(([name, content]) => [`onnx/${name}`, content])),
    ...Object.fromEntries(layers.map(([name, content]) => [`tensorflow-js/${name}`, content])),
  }
}

/** One zip of the files, the same bytes for the same files and time. */
export async function zipFiles(files: ExportedFiles, at: number): Promise<Uint8Array<ArrayBuffer>> {
  const zip = new ZipFile()
  for (const [name, content] of Object.entries(files))
    zip.addBuffer(Buffer.from(content), name, { mtime: new Date(at), mode: 0o100644 })
  zip.end()
  return new Uint8Array(await buffer(zip.outputStream))
}
