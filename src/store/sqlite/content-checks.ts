const places = [0, 1, 2, 3]

const whereServed = (condition: string) => `CASE WHEN state = 'retired' THEN true ELSE ${condition} END`

const isList = (column: string, types: string) =>
  `CASE WHEN json_valid(${column}) THEN json_type(${column}) = 'array' AND json_array_length(${column}) = 4 AND ${places
    .map((place) => `json_type(${column}, '$[${place}]') IN (${types})`)
    .join(' AND ')} ELSE false END`

/**
 * The SQL conditions of the constraints on the content of questions, by column. A retired question may be damaged: an
 * upgrade keeps damaged rows of older versions, retired.
 */
export const contentChecks = {
  title: whereServed(`title <> ''`),
  options: whereServed(isList('options', `'text'`)),
  option_notes: whereServed(
    `coalesce(option_notes, 'null') = 'null' OR ${isList('option_notes', `'text', 'null'`)}`,
  ),
}
