import { Button, Drawer } from '@mantine/core'
import { Link } from 'react-router'
import type { AuditEntry } from '../api/types'
import { useMessages } from '../i18n'
import { Icon } from '../ui/icons'
import { When } from '../ui/parts'
import ui from '../ui/ui.module.css'
import styles from './audit.module.css'
import { difference, type FieldChange } from './difference'
import { Actor, Flags } from './entry-table'

export function EntryDrawer({ entry, close }: { entry: AuditEntry | undefined; close: () => void }) {
  const t = useMessages()
  return (
    <Drawer
      opened={entry !== undefined}
      onClose={close}
      position="right"
      size={640}
      lockScroll={false}
      classNames={{ title: ui.overlayTitle ?? '' }}
      title={entry === undefined ? '' : t.audit.entry(entry.index)}
      closeButtonProps={{ 'aria-label': t.close }}
    >
      {entry !== undefined && <Entry entry={entry} />}
    </Drawer>
  )
}

function Entry({ entry }: { entry: AuditEntry }) {
  const t = useMessages()
  const changes = difference(entry.before, entry.after)
  return (
    <div className={styles.drawer}>
      {entry.flags.length > 0 && <Flags flags={entry.flags} />}
      <dl className={ui.facts}>
        <div>
          <dt>{t.audit.time}</dt>
          <dd>
            <When at={entry.time} />
          </dd>
        </div>
        <div>
          <dt>{t.audit.kind}</dt>
          <dd>{entry.kind}</dd>
        </div>
        <div>
          <dt>{t.audit.tenant}</dt>
          <dd>{entry.tenant ?? t.platform}</dd>
        </div>
        <div>
          <dt>{t.audit.actor}</dt>
          <dd>
            <Actor actor={entry.actor} />
          </dd>
        </div>
        {entry.actor?.grant && (
          <div>
            <dt>{t.audit.grant}</dt>
            <dd className={ui.mono}>{entry.actor.grant}</dd>
          </div>
        )}
        {entry.resource && (
          <div>
            <dt>{t.audit.resource}</dt>
            <dd className={ui.mono}>{entry.resource}</dd>
          </div>
        )}
      </dl>
      <section>
        <h3>{t.audit.change}</h3>
        {changes.length === 0 ? <p>{t.audit.noImages}</p> : <Difference changes={changes} />}
      </section>
      <section className={ui.form}>
        <div>
          <Button
            component="a"
            href={`/api/audit/entries/${entry.index}/proof`}
            download={`entry-${entry.index}.tlog-proof`}
            variant="default"
            leftSection={<Icon name="download" size={16} />}
          >
            {t.audit.proof}
          </Button>
        </div>
        <p>{t.audit.proofHint}</p>
        <pre className={styles.command}>./elleve verify entry-{entry.index}.tlog-proof</pre>
        <p>
          <Link to="/verify">{t.verify.link}</Link>
        </p>
      </section>
    </div>
  )
}

function Difference({ changes }: { changes: FieldChange[] }) {
  const t = useMessages()
  return (
    <table className={styles.difference}>
      <thead>
        <tr>
          <th scope="col">{t.audit.field}</th>
          <th scope="col">{t.audit.before}</th>
          <th scope="col">{t.audit.after}</th>
        </tr>
      </thead>
      <tbody>
        {changes.map(({ field, before, after, change }) => (
          <tr key={field} data-change={change}>
            <th scope="row">
              {field} <small>{t.audit[change]}</small>
            </th>
            <td>
              {change === 'added' ? null : change === 'same' ? (
                <Value of={before} />
              ) : (
                <del>
                  <Value of={before} />
                </del>
              )}
            </td>
            <td>
              {change === 'removed' ? null : change === 'same' ? (
                <Value of={after} />
              ) : (
                <ins>
                  <Value of={after} />
                </ins>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Value({ of }: { of: unknown }) {
  const t = useMessages()
  if (isCipher(of)) {
    return (
      <span className={styles.cipher}>
        <Icon name="lock" size={13} />
        {t.audit.encrypted}
      </span>
    )
  }
  if (of === null || of === undefined) return <samp>–</samp>
  return <samp>{typeof of === 'string' ? of : JSON.stringify(of)}</samp>
}

/** Ciphertext has nothing to say to a reader: long, unbroken, and binary under its encoding. */
const isCipher = (value: unknown): boolean =>
  typeof value === 'string' && value.length >= 40 && /^(\\x[0-9a-f]+|[A-Za-z0-9+/_-]+={0,2})$/.test(value)
