// The class lives in the store's room, because dependencies point from lab to store and both throw it.
export { LabError, type LabErrorCode } from '../store/errors.ts'
