import { defineConfig } from 'drizzle-kit'

/** `bun run migration` writes the next migration of SQLite; with `DIALECT=postgresql`, that of PostgreSQL. */
export default process.env.DIALECT === 'postgresql'
  ? defineConfig({
      dialect: 'postgresql',
      schema: [
        './src/store/postgres/schema.ts',
        './src/store/postgres/library-schema.ts',
        './src/store/postgres/quota-schema.ts',
      ],
      out: './src/store/migrations/postgres',
    })
  : defineConfig({
      dialect: 'sqlite',
      schema: [
        './src/store/sqlite/schema.ts',
        './src/store/sqlite/challenges-view.ts',
        './src/store/sqlite/library-schema.ts',
        './src/store/sqlite/quota-schema.ts',
      ],
      out: './src/store/migrations/sqlite',
    })
