/** What is chosen for a lab as a whole, as JSON by name. */
export const labSettings = `
CREATE TABLE lab_settings (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL CHECK (json_valid(value))
) STRICT;
`
