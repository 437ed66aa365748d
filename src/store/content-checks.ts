// The SQL conditions of the constraints on the content of questions, by column. A retired question may be damaged: an upgrade keeps
// damaged rows of older versions, retired.

const places = [0, 1, 2, 3]

const whereServed = (condition: string) => `CASE WHEN state = 'retired' THEN true ELSE ${condition} END`

const isSqliteList = (column: string, types: string) =>
  `CASE WHEN json_valid(${column}) THEN json_type(${column}) = 'array' AND json_array_length(${column}) = 4 AND ${places
    .map((place) => `json_type(${column}, '$[${place}]') IN (${types})`)
    .join(' AND ')} ELSE false END`

// A cast of a text that is not JSON is an error, which refuses the row as well.
const isPostgresList = (column: string, types: string) =>
  `json_array_length(${column}::json) = 4 AND ${places
    .map((place) => `json_typeof(${column}::json -> ${place}) IN (${types})`)
    .join(' AND ')}`

export const contentChecks = {
  sqlite: {
    title: whereServed(`title <> ''`),
    options: whereServed(isSqliteList('options', `'text'`)),
    option_notes: whereServed(
      `coalesce(option_notes, 'null') = 'null' OR ${isSqliteList('option_notes', `'text', 'null'`)}`,
    ),
  },
  postgres: {
    title: whereServed(`title <> ''`),
    options: whereServed(isPostgresList('options', `'string'`)),
    option_notes: whereServed(
      `coalesce(option_notes, 'null') = 'null' OR (${isPostgresList('option_notes', `'string', 'null'`)})`,
    ),
  },
}
