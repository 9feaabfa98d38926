/** What the gateway's `/api` answers with. A list is `{items, next?}`; instants are RFC 3339, durations ISO 8601. */

/** A text the server may send in both languages, or already in the one asked for by `Accept-Language`. */
export type Text = string | { da: string; en: string }

export type Instant = string
export type Duration = string

export type Page<T> = { items: T[]; next?: string | null }

export type Role =
  | 'administrator'
  | 'technical-manager'
  | 'support'
  | 'dpo'
  | 'auditor'
  | 'tenant-admin'
  | 'tenant-user'
  | 'tenant-dpo'

export type Me = { id: string; name: string; roles: string[]; tenant?: string | null }

export type AnswerState = 'proven' | 'stale' | 'broken' | 'unproven'

export type Claim = {
  id: string
  text: Text
  state: AnswerState
  since?: Instant | null
  lastProof?: Instant | null
  freshFor: Duration
  evidence?: unknown
}

export type Answer = {
  number: number
  question: Text
  state: AnswerState
  since?: Instant | null
  wording?: Text | null
  claims: Claim[]
}

/** One span of an answer's history; the last span has no `until`. */
export type AnswerSpan = { state: AnswerState; since: Instant; until?: Instant | null; reason?: Text | null }

export type AnswerHistory = Page<AnswerSpan> & { provenShare?: number | null }

export type Facts = Record<string, unknown>

export type Breach = {
  id: string
  title: Text
  state: string
  severity?: string | null
  tenant?: string | null
  discoveredAt: Instant
  /** When the authority must have been told; absent once decided or when no clock runs. */
  deadline?: Instant | null
  kind?: string | null
  source?: string | null
}

export type Decision = {
  notifyAuthority: boolean
  notifySubjects: boolean
  reason: string
  decidedAt?: Instant | null
  decidedBy?: string | null
}

export type BreachDetail = Breach & {
  facts?: Facts | null
  decision?: Decision | null
  summary?: Text | null
}

export type Assessment = {
  document: boolean
  notifyAuthority: boolean
  notifySubjects: boolean
  rules?: { id: string; text: Text }[] | null
  enisa?: { score: number; band: string } | null
  nearest?: { id?: string; title?: Text }[] | null
}

export type BreachEvent = {
  time: Instant
  kind: string
  text?: Text | null
  actor?: string | AuditActor | null
}

export type AuditActor = { kind: string; id?: string | null; grant?: string | null }

export type AuditEntry = {
  index: number
  time: Instant
  kind: string
  tenant?: string | null
  actor?: AuditActor | null
  resource?: string | null
  before?: Record<string, unknown> | null
  after?: Record<string, unknown> | null
  flags: string[]
}

/** A signed tree head, read from the checkpoint's C2SP note. */
export type Checkpoint = { origin: string; size: number; root: string; signers: string[] }

export type BackupStatus = {
  /** `protected` when a full backup is there, the WAL is within its limit and nothing was lost since. */
  state?: string | null
  /** What stands in the way just now, in the service's words. */
  trouble?: string | null
  /** How old the oldest change outside the vault may be. */
  walAge?: Duration | null
  /** Everything written by then is in the vault. */
  lastWalAt?: Instant | null
  maxWalGap?: Duration | null
  walLimit?: Duration | null
  lastFull?: Instant | null
  lastIncremental?: Instant | null
  nextBackup?: Instant | null
  region?: string | null
  gaps?: { from: string; to: string; foundAt: Instant }[] | null
}

export type BackupKind = 'full' | 'incremental'

export type Backup = {
  id: string
  kind: BackupKind
  state: string
  requestedAt?: Instant | null
  startedAt?: Instant | null
  finishedAt?: Instant | null
  bytes?: number | null
  /** While it runs: what the server has sent, and what it announced. */
  bytesRead?: number | null
  bytesExpected?: number | null
  /** Why it failed. */
  reason?: string | null
}

export type Drill = {
  id: string
  state: 'running' | 'passed' | 'failed'
  startedAt?: Instant | null
  recoveryTime?: Duration | null
  recoveryPoint?: Duration | null
  restoredTo?: Instant | null
  tablesCompared?: number | null
  rowsCompared?: number | null
  reason?: string | null
}

export type Tenant = {
  id: string
  name?: string | null
  state: string
  openedAt?: Instant | null
  /** When the grace period ends. */
  closesAt?: Instant | null
}

export type NewTenant = { id: string; name: string }

export type Member = {
  id: string
  login?: string | null
  email?: string | null
  firstName?: string | null
  lastName?: string | null
  enabled?: boolean | null
}

export type NewMember = { email: string; firstName: string; lastName: string; roles: string[] }

export type Area = {
  id: string
  purpose?: Text | null
  legalBasis?: string | null
  dataSubjects?: string[] | null
  dataCategories?: string[] | null
  recipients?: string[] | null
  retention?: Duration | null
}

export type Schema = { title?: string; properties?: Record<string, Record<string, unknown>> }

export type Collection = { id: string; schema?: Schema | null; retentionFrom?: string | null }

export type DataRecord = { id: string; createdAt?: Instant; updatedAt?: Instant } & Record<string, unknown>
