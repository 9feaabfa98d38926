import type { components } from './schema'

/** The names the pages use for what the API's document describes: instants are RFC 3339, durations ISO 8601. */

type Schemas = components['schemas']

export type Instant = string
export type Duration = string

export type Me = Schemas['identity.Me']
export type Tenant = Schemas['identity.Tenant']
export type NewTenant = Schemas['identity.Opening']
export type Member = Schemas['identity.Member']
export type NewMember = Schemas['identity.Joining']

export type Text = Schemas['audit.Text']
export type AuditActor = Schemas['audit.Actor']

export type Area = Schemas['tenant-data.Area']

/** The document has one such type for each kind of item; a list that is always whole has no `next`. */
export type Page<T> = Omit<Schemas['audit.PageEntryView'], 'items'> & { items: T[] }

/*
 * What the services promise beyond their document: words where it says only that there is a text, and fields that are
 * always there on one address though not on another. Only a field of the document can be narrowed, and only to what the
 * document allows.
 */

type Narrow<T, F extends { [K in keyof F]: K extends keyof T ? T[K] : never }> = Omit<T, keyof F> & F

export type Role =
  | 'administrator'
  | 'technical-manager'
  | 'support'
  | 'dpo'
  | 'auditor'
  | 'tenant-admin'
  | 'tenant-user'
  | 'tenant-dpo'

export type AnswerState = 'proven' | 'stale' | 'broken' | 'unproven'

export type Claim = Narrow<Schemas['audit.ClaimView'], { state: AnswerState }>

export type Answer = Narrow<Schemas['audit.AnswerView'], { state: AnswerState; claims: Claim[] }>

export type AnswerSpan = Narrow<Schemas['audit.Span'], { state: AnswerState }>

export type AnswerHistory = Narrow<Schemas['audit.History'], { items: AnswerSpan[] }>

export type AuditFlag =
  | 'unattributed'
  | 'forged'
  | 'replayed'
  | 'erasure'
  | 'ddl'
  | 'gap'
  | 'mass'
  | 'under-grant'
  | 'staff'
  | 'system'
  | 'denied'
  | 'erased'
  | 'damaged'
  | 'expired'

export type AuditEntry = Narrow<Schemas['audit.EntryView'], { flags: AuditFlag[] }>

export type EntryQuery = Schemas['audit.EntryQuery']

export type SavedSearch = Schemas['audit.SearchView']

export type NewSearch = Schemas['audit.NewSearch']

/** A table beside its log: `begun` where there was nothing to compare with yet, `unreadable` where it cannot be. */
export type ComparedTable = Narrow<
  Schemas['audit.TableView'],
  { state: 'equal' | 'begun' | 'different' | 'unreadable'; rows?: DifferingRow[] }
>

/** A row that is not as the log has it. */
export type DifferingRow = Narrow<Schemas['audit.RowView'], { state: 'changed' | 'missing' | 'unexpected' }>

/** `different` where a table differs or cannot be compared. */
export type Comparison = Narrow<
  Schemas['audit.ReconciliationView'],
  { state: 'equal' | 'different'; tables: ComparedTable[] }
>

export type NewComparison = Schemas['audit.Wish']

export type ComparisonsAsked = Schemas['audit.Accepted']

export type Acceptance = Schemas['audit.Acceptance']

/** Entries that are kept equally long; what is in none of them is kept for good. */
export type EntryClass = 'changes' | 'accesses' | 'reads' | 'logins'

/** No tenant: for everybody who has no rule of their own. No period: for good. */
export type Rule = Narrow<Schemas['audit.RuleView'], { entries: EntryClass }>

/** The rules in force and those to come. */
export type Rules = Narrow<Schemas['audit.RulesView'], { items: Rule[] }>

export type NewRule = Schemas['audit.NewRule']

export type Hold = Narrow<Schemas['audit.HoldView'], { state: 'holding' | 'released' }>

export type NewHold = Schemas['audit.NewHold']

export type HoldRelease = Schemas['audit.Release']

/** A case by itself; the document has one type for this and for lists, which leave out what takes room. */
export type BreachDetail = Narrow<
  Schemas['breach.IncidentView'],
  {
    state: 'open' | 'assessed' | 'decided' | 'notified' | 'closed'
    severity: 'low' | 'medium' | 'high'
    facts: Facts
    clocks: Schemas['breach.Clock'][]
  }
>

export type Facts = Record<string, unknown>

export type Breach = Omit<BreachDetail, 'summary' | 'facts' | 'decision' | 'closure' | 'clocks'>

export type Decision = Schemas['breach.Decision']

export type NewDecision = Schemas['breach.NewDecision']

export type Assessment = Narrow<
  Schemas['breach.Assessment'],
  { enisa: Narrow<Schemas['breach.Severity'], { band: Breach['severity'] | 'very-high' }> }
>

export type BreachEvent = Narrow<
  Schemas['breach.TimelineView'],
  { kind: 'opened' | 'finding' | 'facts' | 'assessed' | 'decided' | 'notice' | 'notified' | 'closed' }
>

export type BreachNotice = Narrow<
  Schemas['breach.NoticeView'],
  { audience: 'authority' | 'subjects' | 'tenant'; state: 'draft' | 'sent' }
>

/** `protected` when a full backup is there, the WAL is within its limit and nothing was lost since. */
export type BackupStatus = Narrow<Schemas['backup.StatusView'], { state: 'protected' | 'unprotected' }>

export type BackupKind = 'full' | 'incremental'

export type Backup = Narrow<
  Schemas['backup.BackupView'],
  { kind: BackupKind; state: 'queued' | 'running' | 'completed' | 'failed' | 'expired' | 'damaged' }
>

export type NewBackup = Narrow<Schemas['backup.Order'], { kind: BackupKind }>

/** A drill that waits for its turn is `running`, too, since it was asked for. */
export type Drill = Narrow<
  Schemas['backup.DrillView'],
  { state: 'running' | 'passed' | 'failed'; comparedWith: 'source' | 'log'; startedAt: Instant }
>

export type NewDrill = Narrow<Schemas['backup.DrillOrder'], { comparedWith: Drill['comparedWith'] }>

/** What is claimed of all clusters, as measured for one; `unmeasured` says nothing yet. */
export type ClusterClaim = Narrow<
  Schemas['backup.ClusterClaimView'],
  { state: 'holds' | 'fails' | 'unmeasured' }
>

export type Cluster = Narrow<Schemas['backup.ClusterView'], { claims: ClusterClaim[] }>

/** What was erased for good; with a drill, once one has shown that no older backup can be read. */
export type Erasure = Schemas['backup.ErasureRecord']

/** A reading of what lies in the store; one that waits for its turn is `running`, too. */
export type Verification = Narrow<
  Schemas['backup.VerificationView'],
  { kind: 'whole' | 'sample'; state: 'running' | 'passed' | 'failed' }
>

export type NewVerification = Narrow<Schemas['backup.VerificationOrder'], { kind: 'whole' | 'sample' }>

/** A JSON Schema, which the service takes only when it names the fields; some of what a page reads of it. */
export type Schema = { title?: string; properties: Record<string, Record<string, unknown>> }

export type Collection = Narrow<Schemas['tenant-data.Collection'], { schema: Schema }>

/** A record's fields are those of its collection's schema; these three are the platform's own. */
export type DataRecord = Schemas['tenant-data.PageObjectNode']['items'][number] & {
  id: string
  createdAt: Instant
  updatedAt: Instant
}
