import { environmentName, task } from '../../contract/transfer.ts'
import { LabError } from '../../lab/errors.ts'
import { tryFailures } from '../../lab/failure-trial.ts'
import { print } from './output.ts'
import { parseAssignments } from './values.ts'

interface TryOptions {
  environment: string
  set: string[]
  episodes: number
  json: boolean
}

/** Plays a sample of a task and says what ended its episodes. No lab is needed for it. */
export async function tryTask({ environment, set, episodes, json }: TryOptions): Promise<void> {
  const name = environmentName.safeParse(environment)
  if (!name.success)
    throw new LabError(
      'INVALID',
      `--environment is one of ${environmentName.options.join(', ')}, not "${environment}".`,
    )
  const parameters = parseAssignments('--set', set, ({ group }) => group === name.data)
  const trial = await tryFailures({ task: task.parse({ environment: name.data, parameters }), episodes })
  print(json ? JSON.stringify(trial, null, 2) : trial.sentences.join('\n'))
}
