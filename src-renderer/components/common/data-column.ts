export interface DataColumn<Row> {
  label: string
  help?: string
  isNumber: boolean
  /** Track of the grid. */
  width: string
  text(row: Row): string
  /** Shown on hover, where the text is shortened. */
  full?(row: Row): string
}
