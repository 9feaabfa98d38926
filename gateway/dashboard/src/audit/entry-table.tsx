import type { AuditActor, AuditEntry, AuditFlag } from '../api/types'
import { useMessages } from '../i18n'
import { Badge, Quiet, When } from '../ui/parts'
import ui from '../ui/ui.module.css'
import styles from './audit.module.css'

export function EntryTable({ entries, open }: { entries: AuditEntry[]; open: (entry: AuditEntry) => void }) {
  const t = useMessages()
  return (
    <div className={ui.scroll}>
      <table className={ui.table}>
        <thead>
          <tr>
            <th scope="col" data-end>
              {t.audit.index}
            </th>
            <th scope="col">{t.audit.time}</th>
            <th scope="col">{t.audit.kind}</th>
            <th scope="col">{t.audit.tenant}</th>
            <th scope="col">{t.audit.actor}</th>
            <th scope="col">{t.audit.resource}</th>
            <th scope="col">{t.audit.flags}</th>
          </tr>
        </thead>
        <tbody>
          {entries.map((entry) => (
            <tr key={entry.index}>
              <td data-end>
                <button
                  type="button"
                  className={styles.open}
                  aria-label={t.audit.openEntry(entry.index)}
                  onClick={() => open(entry)}
                >
                  {entry.index}
                </button>
              </td>
              <td>
                <When at={entry.time} />
              </td>
              <td>{entry.kind}</td>
              <td>{entry.tenant ?? <Quiet>{t.platform}</Quiet>}</td>
              <td>
                <Actor actor={entry.actor} />
              </td>
              <td>
                <span className={ui.mono}>{entry.resource}</span>
              </td>
              <td>
                <Flags flags={entry.flags} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

export function Actor({ actor }: { actor: AuditActor | undefined }) {
  const t = useMessages()
  if (!actor) return <Quiet>{t.unknown}</Quiet>
  return (
    <>
      {t.audit.actorKind[actor.kind]}
      <span className={styles.id} title={actor.id}>
        {actor.id}
      </span>
    </>
  )
}

/** What makes an entry an incident: nobody vouches for it, or it is not what it was. */
const alarming: AuditFlag[] = ['unattributed', 'forged', 'replayed', 'gap', 'damaged']

export function Flags({ flags }: { flags: AuditFlag[] }) {
  const t = useMessages()
  return (
    <span className={styles.flags}>
      {flags.map((flag) => (
        <Badge
          key={flag}
          tone={alarming.includes(flag) ? 'bad' : 'plain'}
          icon={alarming.includes(flag) ? 'alert' : 'info'}
        >
          {t.audit.flag[flag]}
        </Badge>
      ))}
    </span>
  )
}
