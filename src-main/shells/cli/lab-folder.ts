import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { LabError } from '../../lab/errors.ts'
import { type Lab, type LabOptions, openLab } from '../../lab/lab.ts'

export { defaultLabFolder } from '../default-lab-folder.ts'

/** Opens a lab for as long as `use` takes. A command that only reads does not make a folder that is not there. */
export async function withLab<T>(
  folder: string,
  options: LabOptions & { mustExist: boolean },
  use: (lab: Lab) => Promise<T> | T,
): Promise<T> {
  const path = resolve(folder)
  if (options.mustExist && !existsSync(join(path, 'lab.sqlite')))
    throw new LabError('NOT_FOUND', `There is no lab in ${path}. Name its folder with --lab.`)
  const lab = await openLab(path, options)
  try {
    return await use(lab)
  } finally {
    await lab.close()
  }
}
