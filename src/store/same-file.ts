import type { Stats } from 'node:fs'

type Identity = Pick<Stats, 'ino' | 'dev'>

export const isSameFile = (one: Identity, other: Identity) => one.ino === other.ino && one.dev === other.dev
