import { defineStore } from 'pinia'
import type { SceneDescription, Task } from '../../src-main/contract/index.ts'
import { api } from '../api.ts'
import { whenIdle } from '../idle.ts'

export interface TaskPreview {
  scene: SceneDescription
  poses: readonly number[]
}

const mostKept = 40

/** What tasks look like, each asked for once. */
export const useTaskPreviewStore = defineStore('task-previews', () => {
  const known = new Map<string, Promise<TaskPreview>>()

  function load(task: Task): Promise<TaskPreview> {
    const key = JSON.stringify(task)
    const asked = known.get(key)
    if (asked !== undefined) return asked
    const answer = api.tasks.preview(task)
    known.set(key, answer)
    answer.catch(() => known.delete(key))
    const oldest = known.keys().next().value
    if (known.size > mostKept && oldest !== undefined) known.delete(oldest)
    return answer
  }

  let last = Promise.resolve()

  /** Resolves once those that asked before have had their turn and the page has nothing else to do: a scene is much to build. */
  function turn(): Promise<void> {
    last = last.then(() => new Promise((resolve) => void whenIdle(resolve)))
    return last
  }

  return { load, turn }
})
