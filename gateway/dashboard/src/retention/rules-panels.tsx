import { Button, Modal } from '@mantine/core'
import { useState } from 'react'
import type { EntryClass, Rule } from '../api/types'
import { useLanguage, useMessages } from '../i18n'
import { formatDay, formatDuration } from '../i18n/format'
import { has, tenantOf, useMe } from '../session/session'
import { Icon } from '../ui/icons'
import { Badge, Empty, Notice, Panel, Quiet, Section } from '../ui/parts'
import ui from '../ui/ui.module.css'
import { useNow } from '../ui/use-now'
import { Decide, type Subject } from './decide'
import styles from './retention.module.css'
import { classes, type Kept, keptFor, tenantsWithRules } from './rules'

/** What counts for everybody and for single tenants; a tenant's people see what counts for theirs. */
export function RulesPanels({ rules }: { rules: Rule[] }) {
  const t = useMessages()
  const language = useLanguage()
  const { me } = useMe()
  const now = useNow(60_000)
  const [deciding, setDeciding] = useState<Subject>()
  const [decided, setDecided] = useState<Rule>()
  const tenant = tenantOf(me)
  const mayDecide = has(me, 'administrator', 'tenant-admin')
  return (
    <>
      <Section title={tenant === undefined ? t.retention.everybody : t.retention.yours(tenant)}>
        <p className={styles.lead}>
          {tenant === undefined ? t.retention.everybodyLead : t.retention.yoursLead} {t.retention.who}
        </p>
        <div className={styles.notices}>
          {decided !== undefined && (
            <Notice tone="good" title={t.retention.decided(t.retention.classes[decided.entries])}>
              {decided.period === undefined
                ? t.retention.decidedForGood
                : t.retention.decidedFrom(
                    formatDuration(decided.period, language),
                    formatDay(decided.inForce, language),
                  )}
            </Notice>
          )}
        </div>
        <Panel>
          <ul className={styles.classes}>
            {classes.map((entries) => {
              const kept = keptFor(tenant, entries, rules, now)
              return (
                <li key={entries} aria-label={t.retention.classes[entries]}>
                  <div className={styles.class}>
                    <h3>{t.retention.classes[entries]}</h3>
                    <p>{t.retention.what[entries]}</p>
                  </div>
                  <div className={styles.kept}>
                    <Keeping kept={kept} />
                    <p>{tenant !== undefined && (kept.own ? t.retention.own : t.retention.asEverybody)}</p>
                    <ToCome rules={kept.toCome} />
                  </div>
                  {mayDecide && (
                    <Button
                      size="xs"
                      variant="default"
                      aria-label={t.retention.changeClass(t.retention.classes[entries])}
                      onClick={() => setDeciding({ tenant, entries })}
                    >
                      {t.retention.change}
                    </Button>
                  )}
                </li>
              )
            })}
          </ul>
        </Panel>
      </Section>
      {tenant === undefined && (
        <Section
          title={t.retention.tenants}
          aside={
            mayDecide && (
              <Button
                variant="default"
                leftSection={<Icon name="plus" size={16} />}
                onClick={() => setDeciding('any-tenant')}
              >
                {t.retention.forTenant}
              </Button>
            )
          }
        >
          <Tenants rules={rules} now={now} change={mayDecide ? setDeciding : undefined} />
        </Section>
      )}
      <Modal
        opened={deciding !== undefined}
        onClose={() => setDeciding(undefined)}
        title={
          deciding !== undefined &&
          (deciding === 'any-tenant'
            ? t.retention.forTenant
            : t.retention.changeClass(t.retention.classes[deciding.entries]))
        }
        size="lg"
        lockScroll={false}
        classNames={{ title: ui.overlayTitle ?? '' }}
        centered
        closeButtonProps={{ 'aria-label': t.close }}
      >
        {deciding !== undefined && (
          <Decide
            subject={deciding}
            rules={rules}
            cancel={() => setDeciding(undefined)}
            done={(rule) => {
              setDeciding(undefined)
              setDecided(rule)
            }}
          />
        )}
      </Modal>
    </>
  )
}

function Tenants({
  rules,
  now,
  change,
}: {
  rules: Rule[]
  now: number
  change: ((subject: { tenant: string; entries: EntryClass }) => void) | undefined
}) {
  const t = useMessages()
  const decided = tenantsWithRules(rules)
  if (decided.length === 0) {
    return <Empty title={t.retention.tenantsEmpty} detail={t.retention.tenantsEmptyDetail} />
  }
  return (
    <Panel>
      <div className={ui.scroll}>
        <table className={ui.table}>
          <thead>
            <tr>
              <th scope="col">{t.retention.tenant}</th>
              <th scope="col">{t.retention.entries}</th>
              <th scope="col">{t.retention.kept}</th>
              {change !== undefined && <th scope="col" aria-label={t.retention.change} />}
            </tr>
          </thead>
          <tbody>
            {decided.map(({ tenant, entries }) => {
              const kept = keptFor(tenant, entries, rules, now)
              return (
                <tr key={`${tenant} ${entries}`}>
                  <td>{tenant}</td>
                  <td>{t.retention.classes[entries]}</td>
                  <td>
                    <Keeping kept={kept} />
                    {!kept.own && (
                      <span className={ui.why}>
                        <Quiet>{t.retention.asEverybody}</Quiet>
                      </span>
                    )}
                    <ToCome rules={kept.toCome} />
                  </td>
                  {change !== undefined && (
                    <td data-end>
                      <Button
                        size="xs"
                        variant="default"
                        aria-label={t.retention.changeFor(t.retention.classes[entries], tenant)}
                        onClick={() => change({ tenant, entries })}
                      >
                        {t.retention.change}
                      </Button>
                    </td>
                  )}
                </tr>
              )
            })}
          </tbody>
        </table>
      </div>
    </Panel>
  )
}

function Keeping({ kept: { period, since } }: { kept: Kept }) {
  const t = useMessages()
  const language = useLanguage()
  return (
    <span>
      <strong>{period === undefined ? t.retention.forGood : formatDuration(period, language)}</strong>
      {since !== undefined && <Quiet> {t.retention.since(formatDay(since, language))}</Quiet>}
    </span>
  )
}

function ToCome({ rules }: { rules: Rule[] }) {
  const t = useMessages()
  const language = useLanguage()
  return rules.map(({ inForce, period }) => (
    <span key={inForce} className={styles.toCome}>
      <Badge tone="warn" icon="clock">
        {t.retention.from(
          formatDay(inForce, language),
          period === undefined ? t.retention.forGood : formatDuration(period, language),
        )}
      </Badge>
    </span>
  ))
}
