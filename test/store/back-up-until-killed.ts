import { writeSync } from 'node:fs'
import { openStore } from '../../src-main/store/open.ts'

const [folder = '', file = ''] = process.argv.slice(2)
const store = await openStore(folder)
for (let round = 0; ; round++) {
  await store.backUp(`${file}-${round}.sqlite`, { onProgress: () => void writeSync(1, '.') })
  writeSync(1, 'done\n')
}
