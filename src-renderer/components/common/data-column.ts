import type { RouteLocationRaw } from 'vue-router'
import type { GroupLook } from '../../../src-main/contract/figures/group-looks.ts'

export interface DataColumn<Row> {
  label: string
  help?: string
  isNumber: boolean
  /** Track of the grid. */
  width: string
  text(row: Row): string
  /** Where the text leads; null: nowhere. */
  to?(row: Row): RouteLocationRaw | null
  /** What pressing the text does. */
  press?(row: Row): void
  /** A group, which is shown with its mark. */
  look?(row: Row): GroupLook
  /** Shown on hover, where the text is shortened. */
  full?(row: Row): string
}

/** A column that is in the page. */
export interface PlacedColumn<Row> {
  column: DataColumn<Row>
  /** Among all columns, from 0. */
  place: number
  style: { gridColumn: number; left: string | undefined }
  /** At the left, while the others scroll. */
  stays: boolean
}
