/** A stretch of a replay as pictures at even distances in time. */
export interface FilmPlan {
  /** Positions of the clock, one for each picture. */
  positions: number[]
  picturesPerSecond: number
}

interface FilmRequest {
  from: number
  to: number
  secondsPerFrame: number
  /** Simulated seconds in one second of film. */
  speed: number
  picturesPerSecond: number
}

/** So long the last picture stands, for the eye to see how it ended. */
const endSeconds = 1

export function planFilm({ from, to, secondsPerFrame, speed, picturesPerSecond }: FilmRequest): FilmPlan {
  const framesPerPicture = speed / secondsPerFrame / picturesPerSecond
  const moving = Math.max(0, Math.ceil((to - from) / framesPerPicture - 1e-9))
  const positions = Array.from({ length: moving }, (_, picture) => from + picture * framesPerPicture)
  const still = Math.max(1, Math.round(endSeconds * picturesPerSecond))
  return { positions: [...positions, ...Array<number>(still).fill(to)], picturesPerSecond }
}
