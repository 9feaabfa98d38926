import { useState } from 'react'
import { usePages } from '../api/queries'
import type { AuditEntry } from '../api/types'
import styles from '../audit/audit.module.css'
import { EntryDrawer } from '../audit/entry-drawer'
import { useLanguage, useMessages } from '../i18n'
import { formatNumber } from '../i18n/format'
import { Empty, LoadedList, Panel, Quiet, When } from '../ui/parts'
import ui from '../ui/ui.module.css'
import { classes } from './rules'

/** Each run that took something away wrote so into the log itself; a run with nothing to do leaves no trace. */
export function TakenAway() {
  const t = useMessages()
  const [entry, setEntry] = useState<AuditEntry>()
  const pages = usePages<AuditEntry>(
    '/api/audit/entries',
    { actor: 'audit/retention', kind: 'erasure', limit: 10 },
    { every: 30_000 },
  )
  return (
    <>
      <LoadedList
        pages={pages}
        empty={<Empty title={t.retention.taken.empty} detail={t.retention.taken.emptyDetail} />}
      >
        {(entries) => (
          <Panel>
            <div className={ui.scroll}>
              <table className={ui.table}>
                <thead>
                  <tr>
                    <th scope="col" data-end>
                      {t.audit.index}
                    </th>
                    <th scope="col">{t.audit.time}</th>
                    <th scope="col">{t.retention.tenant}</th>
                    <th scope="col">{t.retention.entries}</th>
                    <th scope="col" data-end>
                      {t.retention.taken.count}
                    </th>
                    <th scope="col">{t.retention.taken.newest}</th>
                  </tr>
                </thead>
                <tbody>
                  {entries.map((each) => (
                    <Run key={each.index} entry={each} open={() => setEntry(each)} />
                  ))}
                </tbody>
              </table>
            </div>
          </Panel>
        )}
      </LoadedList>
      <EntryDrawer entry={entry} close={() => setEntry(undefined)} />
    </>
  )
}

function Run({ entry, open }: { entry: AuditEntry; open: () => void }) {
  const t = useMessages()
  const language = useLanguage()
  const word = entry.resource?.replace(/^retention\//, '')
  const of = classes.find((each) => each === word)
  const { entries, newest } = (entry.after ?? {}) as Record<string, unknown>
  return (
    <tr>
      <td data-end>
        <button
          type="button"
          className={styles.open}
          aria-label={t.audit.openEntry(entry.index)}
          onClick={open}
        >
          {entry.index}
        </button>
      </td>
      <td>
        <When at={entry.time} />
      </td>
      <td>{entry.tenant ?? <Quiet>{t.platform}</Quiet>}</td>
      <td>{of === undefined ? word : t.retention.classes[of]}</td>
      <td data-end className="num">
        {typeof entries === 'number' && formatNumber(entries, language)}
      </td>
      <td>{typeof newest === 'string' && <When at={newest} />}</td>
    </tr>
  )
}
