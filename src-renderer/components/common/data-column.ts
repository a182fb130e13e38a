import type { RouteLocationRaw } from 'vue-router'

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
