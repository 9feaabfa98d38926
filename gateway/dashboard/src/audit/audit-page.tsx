import { Button, Menu } from '@mantine/core'
import { useState } from 'react'
import { Link, useSearchParams } from 'react-router'
import { Problem } from '../api/problem'
import { useCheckpoint, usePages } from '../api/queries'
import type { AuditEntry } from '../api/types'
import { useLanguage, useMessages } from '../i18n'
import { formatNumber } from '../i18n/format'
import { has, useMe } from '../session/session'
import { Icon } from '../ui/icons'
import { Empty, Loaded, LoadedList, Notice, PageHead, Panel, Section, Waiting } from '../ui/parts'
import ui from '../ui/ui.module.css'
import styles from './audit.module.css'
import { Comparisons } from './comparisons'
import { EntryDrawer } from './entry-drawer'
import { EntryTable } from './entry-table'
import { Filters } from './filters'
import { Searches } from './searches'

/** Whoever looks after the databases, or after those who do; no tenant. */
const mayCompare = ['administrator', 'auditor', 'dpo'] as const

/** The filter lives in the address, so that a view can be shared: it holds ids and kinds, never personal data. */
export function Component() {
  const t = useMessages()
  const { me } = useMe()
  const [search, setSearch] = useSearchParams()
  const [entry, setEntry] = useState<AuditEntry>()
  const filtered = [...search.keys()].length > 0
  const pages = usePages<AuditEntry>(
    '/api/audit/entries',
    { ...Object.fromEntries(search), limit: 25 },
    { every: 10_000 },
  )
  return (
    <>
      <PageHead
        title={t.audit.title}
        lead={t.audit.lead}
        actions={
          <>
            <Button
              component={Link}
              to="/retention"
              variant="default"
              leftSection={<Icon name="clock" size={16} />}
            >
              {t.retention.link}
            </Button>
            <Button
              component={Link}
              to="/verify"
              variant="default"
              leftSection={<Icon name="shield" size={16} />}
            >
              {t.verify.link}
            </Button>
          </>
        }
      />
      <CheckpointPanel />
      <Section title={t.audit.latest} aside={<Export search={search} />}>
        <Panel>
          <Searches search={search} apply={setSearch} />
          <Filters key={search.toString()} search={search} apply={setSearch} />
          <LoadedList
            pages={pages}
            empty={
              filtered ? (
                <Empty title={t.audit.emptyFiltered} detail={t.audit.emptyFilteredDetail} />
              ) : (
                <Empty title={t.audit.empty} detail={t.audit.emptyDetail} />
              )
            }
          >
            {(entries) => <EntryTable entries={entries} open={setEntry} />}
          </LoadedList>
        </Panel>
      </Section>
      {has(me, ...mayCompare) && <Comparisons />}
      <EntryDrawer entry={entry} close={() => setEntry(undefined)} />
    </>
  )
}

const formats = ['jsonl', 'csv', 'ocsf', 'cef', 'syslog'] as const

/** What the filter shows, all of it, as a file. */
function Export({ search }: { search: URLSearchParams }) {
  const t = useMessages()
  const address = (format: string) =>
    `/api/audit/export?${new URLSearchParams([...search, ['format', format]])}`
  return (
    <Menu position="bottom-end" width={300} withinPortal={false}>
      <Menu.Target>
        <Button data-own variant="default" leftSection={<Icon name="download" size={16} />}>
          {t.audit.export}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {formats.map((format) => (
          <Menu.Item key={format} component="a" href={address(format)} download>
            {t.audit.exportAs[format]}
          </Menu.Item>
        ))}
        <Menu.Label>{t.audit.exportHint}</Menu.Label>
      </Menu.Dropdown>
    </Menu>
  )
}

function CheckpointPanel() {
  const t = useMessages()
  const language = useLanguage()
  const checkpoint = useCheckpoint(10_000)
  if (checkpoint.error instanceof Problem && checkpoint.error.status === 404) {
    return <Notice tone="plain" title={t.audit.noCheckpoint} />
  }
  return (
    <section aria-label={t.audit.checkpoint}>
      <Loaded query={checkpoint} waiting={<Waiting lines={1} height={88} />}>
        {({ origin, size, root, signers }) => (
          <Panel>
            <dl className={styles.checkpoint}>
              <div>
                <dt>{t.audit.size}</dt>
                <dd className={styles.figure}>{formatNumber(size, language)}</dd>
              </div>
              <div>
                <dt>{t.audit.signedBy}</dt>
                <dd>{signers.join(', ') || t.none}</dd>
                <dd className={ui.code}>
                  {t.audit.origin}: {origin}
                </dd>
              </div>
              <div>
                <dt>{t.audit.root}</dt>
                <dd className={ui.mono}>{root}</dd>
              </div>
            </dl>
          </Panel>
        )}
      </Loaded>
    </section>
  )
}
