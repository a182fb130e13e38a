import HavokPhysics, { type HavokPhysicsWithBindings } from '@babylonjs/havok'
import wasmUrl from '@babylonjs/havok/lib/esm/HavokPhysics.wasm?url'

let bytes: Promise<ArrayBuffer> | null = null

/** A new instance of Havok each time; its program is read once. */
export async function freshHavok(): Promise<HavokPhysicsWithBindings> {
  bytes ??= readProgram()
  try {
    return await HavokPhysics({ wasmBinary: await bytes })
  } catch (error) {
    bytes = null
    throw error
  }
}

async function readProgram(): Promise<ArrayBuffer> {
  const response = await fetch(wasmUrl)
  if (!response.ok) throw new Error(`Havok's program was not found: ${response.status}`)
  return response.arrayBuffer()
}
