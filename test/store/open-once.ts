import { openStore } from '../../src-main/store/open.ts'

try {
  const store = await openStore(process.argv[2] ?? '')
  store.close()
  console.log(JSON.stringify('opened'))
} catch (error) {
  if (!(error instanceof Error) || !('code' in error)) throw error
  console.log(JSON.stringify({ code: error.code, message: error.message }))
}
