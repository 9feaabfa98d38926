import { Button, Textarea } from '@mantine/core'
import { useEffect, useMemo, useRef, useState } from 'react'
import { useMessages } from '../i18n'
import { Icon } from '../ui/icons'
import { Badge, Notice, PageHead, Panel, Section } from '../ui/parts'
import { AddressForm } from './address-form'
import { toBase64 } from './bytes'
import { Card, type Outcome } from './card'
import type { SignedCheckpoint } from './checkpoint'
import { Drop } from './drop'
import { Failed, type Failure } from './failure'
import { History } from './history'
import { hasEd25519, parseKeys, type VerifierKey } from './key'
import { type LogPlace, publishedLog } from './log-place'
import { idOf } from './note'
import { told } from './told'
import type { Item } from './use-verification'
import styles from './verify.module.css'

type Chosen = { id: number; item: Item; outcome: Outcome }

/** For everybody: what `./elleve verify` does, in the browser, with nothing of the server. */
export function Component() {
  const t = useMessages()
  const [keys, setKeys] = useState<VerifierKey[]>()
  const [items, setItems] = useState<Chosen[]>([])
  const next = useRef(0)

  function add(more: Item[]) {
    const chosen = more.map((item) => ({ id: next.current++, item, outcome: {} }))
    setItems((before) => [...before, ...chosen])
  }

  return (
    <>
      <PageHead title={t.verify.title} lead={t.verify.lead} />
      <div className={styles.notices}>
        <Ability />
        <p className={styles.hint}>
          <Icon name="lock" size={16} /> {t.verify.offline}
        </p>
      </div>
      <Section title={t.verify.keys}>
        <Keys onKeys={setKeys} />
      </Section>
      <Section title={t.verify.files}>
        <div className={styles.files}>
          <Drop add={add} />
          <Panel padded>
            <AddressForm
              lead={t.verify.logLead}
              button={t.verify.recompute}
              onAddress={(address) => add([publishedLog(address)])}
            />
          </Panel>
          {items.map(({ id, item }) => (
            <Card
              key={id}
              item={item}
              keys={keys}
              onOutcome={(outcome) =>
                setItems((before) => before.map((each) => (each.id === id ? { ...each, outcome } : each)))
              }
              remove={() => setItems((before) => before.filter((each) => each.id !== id))}
            />
          ))}
          <Join items={items} add={add} />
        </div>
      </Section>
      <Histories items={items} />
      <p className={styles.own}>{t.verify.ownCode}</p>
    </>
  )
}

/** What keeps this browser from verifying anything, if something does. */
function Ability() {
  const t = useMessages()
  const [able, setAble] = useState(true)
  useEffect(() => {
    let looking = true
    void hasEd25519().then((has) => looking && setAble(has))
    return () => {
      looking = false
    }
  }, [])
  if (able) return null
  return <Notice tone="bad" title={window.isSecureContext ? t.verify.noEd25519 : t.verify.noCrypto} />
}

function Keys({ onKeys }: { onKeys: (keys: VerifierKey[] | undefined) => void }) {
  const t = useMessages()
  const [written, setWritten] = useState('')
  const [keys, setKeys] = useState<VerifierKey[]>([])
  const [failure, setFailure] = useState<Failure>()
  const chooser = useRef<HTMLInputElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the keys follow what is written, whoever listens
  useEffect(() => {
    let latest = true
    const show = (found: VerifierKey[], wrong?: Failure) => {
      if (!latest) return
      setKeys(found)
      setFailure(wrong)
      onKeys(found.length === 0 ? undefined : found)
    }
    if (written.trim() === '') show([])
    else {
      parseKeys(written).then(show, (error: unknown) => {
        // Without cryptography there are no keys either; the page says that above.
        show([], error instanceof Failed ? error.failure : undefined)
      })
    }
    return () => {
      latest = false
    }
  }, [written])

  return (
    <Panel padded>
      <div className={styles.keys}>
        <Textarea
          label={t.verify.key}
          description={t.verify.keyHint}
          value={written}
          rows={3}
          spellCheck={false}
          autoComplete="off"
          classNames={{ input: styles.keyText ?? '' }}
          error={failure !== undefined && told(failure, t)}
          onChange={({ currentTarget }) => setWritten(currentTarget.value)}
        />
        <div className={styles.keySource}>
          <p className={styles.hint}>{t.verify.keySource}</p>
          <Button variant="default" size="xs" onClick={() => chooser.current?.click()}>
            {t.verify.keyFile}
          </Button>
          <input
            ref={chooser}
            type="file"
            hidden
            aria-label={t.verify.keyFile}
            onChange={({ currentTarget }) => {
              void currentTarget.files?.[0]?.text().then(setWritten)
              currentTarget.value = ''
            }}
          />
        </div>
        {keys.length > 0 && (
          <ul className={styles.keyList}>
            {keys.map((key) => (
              <li key={idOf(key)}>
                <Badge icon={key.type === 'log' ? 'shield' : 'person'}>{t.verify.keyType[key.type]}</Badge>{' '}
                <code>{idOf(key)}</code>
              </li>
            ))}
          </ul>
        )}
      </div>
    </Panel>
  )
}

/** An export that broke off and what was fetched after it are one export, one after the other. */
function Join({ items, add }: { items: Chosen[]; add: (items: Item[]) => void }) {
  const t = useMessages()
  const parts = partsOf(items)
  if (parts.length < 2) return null
  const names = parts.map(({ name }) => name)
  return (
    <Notice
      tone="plain"
      title={t.verify.joinHint(names.join(', '))}
      actions={
        // Files put together are read piece by piece, like one.
        <Button size="xs" variant="default" onClick={() => add([new File(parts, names.join(' + '))])}>
          {t.verify.join}
        </Button>
      }
    />
  )
}

function partsOf(items: Chosen[]): File[] {
  const starts = items.flatMap(({ item: file, outcome: { found, after } }) => {
    if (!(file instanceof File)) return []
    if (after !== undefined) return [{ file, from: after, brokeOff: true }]
    return found?.kind === 'export' && found.first !== undefined
      ? [{ file, from: found.first, brokeOff: false }]
      : []
  })
  const ordered = starts.toSorted((a, b) => (a.from < b.from ? -1 : 1))
  const first = ordered.findIndex(({ brokeOff }) => brokeOff)
  return first < 0 ? [] : ordered.slice(first).map(({ file }) => file)
}

function Histories({ items }: { items: Chosen[] }) {
  const checkpoints = useMemo(() => {
    const distinct = new Map<string, { checkpoint: SignedCheckpoint; log: LogPlace | undefined }>()
    for (const { found } of items.map(({ outcome }) => outcome)) {
      if (found === undefined) continue
      const { checkpoint } = found
      const name = [checkpoint.origin, checkpoint.size, toBase64(checkpoint.root)].join('\n')
      const log = found.kind === 'log' ? found.place : distinct.get(name)?.log
      distinct.set(name, { checkpoint, log })
    }
    return [...distinct.values()].toSorted((a, b) => Number(a.checkpoint.size - b.checkpoint.size))
  }, [items])
  if (checkpoints.length < 2) return null
  const log = checkpoints.at(-1)?.log
  const signed = checkpoints.map(({ checkpoint }) => checkpoint)
  const name = signed.map(({ origin, size, root }) => `${origin} ${size} ${toBase64(root)}`).join(' ')
  return <History key={name} checkpoints={signed} {...(log === undefined ? {} : { log })} />
}
