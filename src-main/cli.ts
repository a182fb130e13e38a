import { Command, CommanderError } from 'commander'
import { LabError } from './lab/errors.ts'
import { branchEpisode } from './shells/cli/branch.ts'
import { doctor } from './shells/cli/doctor.ts'
import { backUp, exportArchive, exportEpisode, importArchive, restore, saveLogs } from './shells/cli/keep.ts'
import { defaultLabFolder } from './shells/cli/lab-folder.ts'
import {
  annotateExperiment,
  commandRuns,
  deleteExperiment,
  listTrash,
  noteRun,
  restoreExperiment,
  showLog,
  thinOut,
} from './shells/cli/order.ts'
import { note } from './shells/cli/output.ts'
import {
  calibrate,
  compareExperiment,
  exportCheckpoint,
  exportExperimentFiles,
  exportRun,
  listFailures,
  listRuns,
  rollOutRun,
  showRun,
  verifyEpisode,
} from './shells/cli/read.ts'
import { reportExperiment, reportRuns } from './shells/cli/report.ts'
import { reproduce } from './shells/cli/reproduce.ts'
import { serve } from './shells/cli/serve.ts'
import { exitCode, resumeExperiment, runTransfer } from './shells/cli/train.ts'
import { readTransferRequest, transferOptions } from './shells/cli/transfer-options.ts'
import { tryTask } from './shells/cli/try-task.ts'
import { parseInteger, parseShare, parseVector } from './shells/cli/values.ts'

/** The lab without a window: the table of contents of its commands. */

const integer =
  (option: string, minimum = 1) =>
  (text: string) =>
    parseInteger(option, text, minimum)
const share = (option: string) => (text: string) => parseShare(option, text)
const words = (text: string) => text.split(',').filter(Boolean)
const parseIds = (option: string, ids: string[]) => ids.map((id) => parseInteger(option, id))

const program = new Command('sqrl-lab')
  .description('Safe reinforcement learning with SQRL: train, compare, replay failures.')
  .exitOverride()
  .configureOutput({ writeErr: () => {} })

function command(nameAndArguments: string, description: string): Command {
  return withLabOptions(program.command(nameAndArguments).description(description))
}

function withLabOptions(command: Command): Command {
  return command
    .option('--lab <folder>', 'folder of the lab', defaultLabFolder())
    .option('--json', 'one JSON document on standard output and nothing else', false)
}

transferOptions(
  command('transfer', 'pre-train and fine-tune, for each method and seed, and print the result table'),
)
  .option('--workers <number>', 'runs that train at once', integer('--workers'))
  .option('--only', 'train this experiment alone, and leave what others queued in the lab', false)
  .action(async ({ lab, json, workers, only, ...options }) => {
    process.exitCode = await runTransfer(await readTransferRequest(options), { lab, json, workers, only })
  })

command(
  'resume <experiment>',
  'go on with the runs of an experiment that were stopped, paused or interrupted',
)
  .option('--workers <number>', 'runs that train at once', integer('--workers'))
  .option('--only', 'train this experiment alone, and leave what others queued in the lab', false)
  .action(async (experiment, options) => {
    process.exitCode = await resumeExperiment(parseInteger('resume', experiment), options)
  })

command('runs', 'list all runs').action((options) => listRuns(options))

const run = program.command('run').description('one run')
withLabOptions(run.command('show <id>').description('everything about one run')).action((id, options) =>
  showRun(parseInteger('run show', id), options),
)

withLabOptions(run.command('log <id>').description('what befell a run')).action((id, options) =>
  showLog(parseInteger('run log', id), options),
)
withLabOptions(
  run.command('note <id> <text>').description('write a note to a run, in place of the one it has'),
).action((id, text, options) => noteRun(parseInteger('run note', id), text, options))
withLabOptions(run.command('tag <ids...>').description('give tags to runs, or take them'))
  .option('--add <words>', 'by commas', words, [])
  .option('--remove <words>', 'by commas', words, [])
  .action(async (ids, { add, remove, ...options }) => {
    process.exitCode = await commandRuns(parseIds('run tag', ids), { type: 'tag', add, remove }, options)
  })
withLabOptions(
  run
    .command('delete <ids...>')
    .description('move runs to the trash, which is emptied when the lab trains again'),
)
  .option('--with-finetuning', 'with the fine-tuning runs that started from them', false)
  .action(async (ids, { withFinetuning, ...options }) => {
    process.exitCode = await commandRuns(
      parseIds('run delete', ids),
      { type: 'delete', withFinetuning },
      options,
    )
  })
withLabOptions(run.command('restore <ids...>').description('bring runs back from the trash')).action(
  async (ids, options) => {
    process.exitCode = await commandRuns(parseIds('run restore', ids), { type: 'restore' }, options)
  },
)
command('trash', 'list the runs in the trash')
  .option('--empty', 'delete them for good', false)
  .action((options) => listTrash(options))

program
  .command('try-task')
  .description('play a sample of a task, and say what counts as a failure in it')
  .requiredOption('--environment <name>', 'whose task')
  .option(
    '--set <name=value>',
    'a parameter of the task',
    (value: string, all: string[]) => [...all, value],
    [],
  )
  .option('--episodes <number>', 'of random actions', (text) => parseInteger('--episodes', text), 40)
  .option('--json', 'one JSON document on standard output and nothing else', false)
  .action((options) => tryTask(options))

const checkpoints = program.command('checkpoints').description('the checkpoints of runs')
withLabOptions(
  checkpoints
    .command('thin [runs...]')
    .description('delete checkpoints of finished runs for good; the last of a run always stays'),
)
  .option('--last <number>', 'how many of the last ones stay', (text) => parseInteger('--last', text), 1)
  .option('--every <number>', 'of those before, every n-th stays', (text) => parseInteger('--every', text), 5)
  .option('--dry-run', 'say what would go, and delete nothing', false)
  .action((ids, options) => thinOut(parseIds('checkpoints thin', ids), options))

const experiment = program.command('experiment').description('one experiment')
withLabOptions(
  experiment.command('rename <id> <name>').description('give an experiment another name'),
).action((id, name, options) => annotateExperiment(parseInteger('experiment rename', id), { name }, options))
withLabOptions(experiment.command('note <id> <text>').description('write a note to an experiment')).action(
  (id, note, options) => annotateExperiment(parseInteger('experiment note', id), { note }, options),
)
withLabOptions(experiment.command('delete <id>').description('move an experiment and its runs to the trash'))
  .option('--with-finetuning', 'with runs of other experiments that started from its pre-training', false)
  .action((id, options) => deleteExperiment(parseInteger('experiment delete', id), options))
withLabOptions(
  experiment.command('restore <id>').description('bring an experiment back from the trash'),
).action((id, options) => restoreExperiment(parseInteger('experiment restore', id), options))

const exporting = program.command('export').description('write files for other programs')
withLabOptions(
  exporting.command('run <id>').description('policy and safety critic as ONNX, every metric as CSV'),
)
  .option('--out <folder>', 'where to; run-<id> by default')
  .action((id, { out, ...options }) => exportRun(parseInteger('export run', id), out, options))

withLabOptions(
  exporting
    .command('checkpoint <id>')
    .description('networks of one checkpoint as ONNX and for TensorFlow.js, as a zip'),
)
  .option('--out <file>', 'where to; run-<id>-step-<step>.zip by default')
  .action((id, { out, ...options }) => exportCheckpoint(parseInteger('export checkpoint', id), out, options))

const reporting = program
  .command('report')
  .description('write results as one page of HTML that opens without a server')
withLabOptions(reporting.command('experiment <id>').description('of an experiment'))
  .option('--out <file>', 'where to; experiment-<id>.html by default')
  .action((id, { out, ...options }) => reportExperiment(parseInteger('report experiment', id), out, options))
withLabOptions(
  reporting.command('runs <ids...>').description('of the runs named, whichever experiment they are of'),
)
  .option(
    '--group-by <names>',
    'what their groups are told apart by; everything but the seed by default',
    words,
    ['settings'],
  )
  .option('--title <text>', 'what the report is called')
  .option('--probe <episodes>', 'fresh episodes with which safety critics are probed', integer('--probe', 20))
  .option('--out <file>', 'where to; report.html by default')
  .action((ids, { out, groupBy, title, probe, ...options }) =>
    reportRuns(parseIds('report runs', ids), { groupBy, title, probe }, out, options),
  )

command('compare <experiment>', 'the result table of an experiment')
  .option('--at-common-step', 'at the last step that all its runs have reached, in each phase', false)
  .action((id, options) => compareExperiment(parseInteger('compare', id), options))

command(
  'reproduce <figure>',
  'a figure of the paper, or all, from runs of the lab: what is missing is trained',
)
  .option('--environments <names>', 'such as drunk-spider, or one of its tasks', words, ['drunk-spider'])
  .option('--methods <names>', 'by commas; all by default', words)
  .option('--seeds <number>', 'runs of each method, with the seeds from 0 on', integer('--seeds'), 5)
  .option('--budget <share>', 'paper, or a share of the lengths of the preset study', '1')
  .option('--out <folder>', 'where to; beside the lab by default')
  .option('--workers <number>', 'runs that train at once', integer('--workers'))
  .option('--report-only', 'train nothing, and report on what is there', false)
  .action(async (figure, options) => {
    process.exitCode = await reproduce(figure, options)
  })

command('failures', 'list the failure episodes')
  .option('--run <id>', 'of one run', integer('--run'))
  .option('--experiment <id>', 'of one experiment', integer('--experiment'))
  .action(({ run, experiment, ...options }) =>
    listFailures(
      {
        ...(run === undefined ? {} : { runId: run }),
        ...(experiment === undefined ? {} : { experimentId: experiment }),
      },
      options,
    ),
  )

command('verify <episode>', 're-simulate a recorded episode and compare every state').action(
  async (id, options) => {
    process.exitCode = await verifyEpisode(parseInteger('verify', id), options)
  },
)

command(
  'branch <episode>',
  'go on from a frame of a recorded episode under other conditions and count the failures',
)
  .requiredOption('--frame <number>', 'frame to begin at', integer('--frame', 0))
  .option(
    '--branches <number>',
    'simulations, each with noise of its own (at most 1000)',
    integer('--branches'),
    100,
  )
  .option(
    '--checkpoint <id>',
    'whose policy acts; the last before the episode by default',
    integer('--checkpoint'),
  )
  .option('--epsilon-safe <probability>', 'another threshold for the mask', share('--epsilon-safe'))
  .option('--unmasked', 'without the mask', false)
  .option('--recorded-noise', 'with the noise that followed in the recording', false)
  .option('--push <x,y,z>', 'an impulse on the main body at that frame, in N s', (text: string) =>
    parseVector('--push', text),
  )
  .action((id, options) => branchEpisode(parseInteger('branch', id), options))

withLabOptions(
  exporting.command('experiment <id>').description('result table, runs and learning curves as CSV'),
)
  .option('--out <folder>', 'where to; experiment-<id> by default')
  .action((id, { out, ...options }) =>
    exportExperimentFiles(parseInteger('export experiment', id), out, options),
  )

withLabOptions(
  exporting
    .command('archive <experiment> <file>')
    .description('an experiment with everything in it as one file, to be imported into another lab'),
).action((id, file, options) => exportArchive(parseInteger('export archive', id), file, options))

withLabOptions(
  exporting
    .command('episode <episode> <file>')
    .description('one recorded episode as a small file of its own, to be replayed in another lab'),
).action((id, file, options) => exportEpisode(parseInteger('export episode', id), file, options))

command('import <file>', 'take an experiment or an episode from its file into the lab').action(
  (file, options) => importArchive(file, options),
)

function rolloutCommand(name: string, description: string): Command {
  return command(name, description)
    .requiredOption('--run <id>', 'run whose last checkpoint acts', integer('--run'))
    .option('--task-of <id>', 'run on whose task', integer('--task-of'))
    .option('--episodes <number>', 'episodes', integer('--episodes'), 500)
    .option('--seed <number>', 'seed of the episodes', integer('--seed', 0), 0)
    .option('--masked', 'with the mask', false)
    .option(
      '--random-starts <share>',
      'share of the episodes that start anywhere',
      share('--random-starts'),
      0,
    )
}

rolloutCommand('rollout', 'fresh episodes of a trained policy, apart from training')
  .option('--out <file>', 'write every state as CSV')
  .action((options) => rollOutRun(options))

rolloutCommand('calibrate', 'measure on fresh episodes how well a run’s Q_safe tells failures')
  .option('--probe', 'judge a random first action of each episode instead of the policy’s own', false)
  .action((options) => calibrate(options))

command('backup <file>', 'copy the whole lab to a file, or into a folder, checked').action((file, options) =>
  backUp(file, options),
)

command('logs <file>', 'a zip of the logs and the doctor’s findings, without paths and tokens').action(
  (file, options) => saveLogs(file, options),
)

command('restore <file>', 'make a lab of a backup, in the folder that --lab names').action((file, options) =>
  restore(file, options),
)

command('serve', 'serve the app to browsers of this machine')
  .option('--port <number>', 'port; 0 takes a free one', integer('--port', 0), 0)
  .option('--workers <number>', 'runs that train at once', integer('--workers'))
  .option('--no-open', 'only print the address')
  .action((options) => serve(options))

command('doctor', 'what this machine has of what the lab needs').action((options) => doctor(options))

try {
  await program.parseAsync()
} catch (error) {
  process.exitCode = explainError(error)
}

/** Handles every error that ends a command: one sentence for what a user can mend, the whole of it for what only we can. */
function explainError(error: unknown): number {
  if (error instanceof LabError) {
    note(error.message)
    return exitCode.badInput
  }
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return exitCode.done
    note(error.message.replace(/^error: /, '').replaceAll('\n', ' '))
    return exitCode.badInput
  }
  note(error instanceof Error ? (error.stack ?? error.message) : String(error))
  return exitCode.failed
}
