import type { ReactNode } from 'react'
import { useLanguage, useMessages } from '../i18n'
import { formatBytes, formatDuration, formatInstant, formatNumber, formatSeconds } from '../i18n/format'
import { Notice, Quiet, When } from '../ui/parts'
import ui from '../ui/ui.module.css'
import { toBase64 } from './bytes'
import type { SignedCheckpoint } from './checkpoint'
import type { VerifiedExport } from './export-file'
import type { Failure } from './failure'
import type { VerifiedProof } from './proof-file'
import { placeOf, told } from './told'
import type { Verified } from './use-verification'
import styles from './verify.module.css'
import type { VerifiedLog } from './verify-log'

/** What was verified, by name: nobody should have to believe a green mark. */
export function Found({ found }: { found: Verified }) {
  const t = useMessages()
  return (
    <>
      {found.kind === 'log' && <p className={styles.hint}>{t.verify.logAgrees}</p>}
      <dl className={ui.facts}>
        {found.kind === 'proof' && <ProofFacts proof={found} />}
        {found.kind === 'export' && <ExportFacts exported={found} />}
        {found.kind === 'log' && <LogFacts log={found} />}
        <CheckpointFacts checkpoint={found.checkpoint} />
      </dl>
      {found.kind === 'export' && found.chains.length > 0 && <Chains exported={found} />}
    </>
  )
}

export function FailureNotice({ failure }: { failure: Failure }) {
  const t = useMessages()
  const place = placeOf(failure.place, t)
  if (place === undefined) return <Notice tone="bad" title={told(failure, t)} />
  return (
    <Notice tone="bad" title={place}>
      {told(failure, t)}
    </Notice>
  )
}

function Fact({ name, wide = false, children }: { name: string; wide?: boolean; children: ReactNode }) {
  return (
    <div className={wide ? ui.wide : undefined}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}

const Mono = ({ children }: { children: ReactNode }) => <span className={ui.mono}>{children}</span>

function CheckpointFacts({ checkpoint }: { checkpoint: SignedCheckpoint }) {
  const t = useMessages()
  const language = useLanguage()
  return (
    <>
      <Fact name={t.verify.origin}>{checkpoint.origin}</Fact>
      <Fact name={t.verify.size}>{formatNumber(checkpoint.size, language)}</Fact>
      <Fact name={t.verify.root} wide>
        <Mono>{toBase64(checkpoint.root)}</Mono>
      </Fact>
      <Fact name={t.verify.signedBy} wide>
        {checkpoint.signedBy.map(({ id, at }) => (
          <div key={id}>
            <Mono>{id}</Mono>
            {at !== undefined && ` ${t.verify.seenAt(formatInstant(at, language))}`}
          </div>
        ))}
      </Fact>
      {checkpoint.notChecked.length > 0 && (
        <Fact name={t.verify.notChecked} wide>
          <Mono>{checkpoint.notChecked.join(', ')}</Mono>
        </Fact>
      )}
    </>
  )
}

function ProofFacts({ proof: { index, leafHash, entry } }: { proof: VerifiedProof }) {
  const t = useMessages()
  const language = useLanguage()
  return (
    <>
      <Fact name={t.verify.index}>{formatNumber(index, language)}</Fact>
      {'bytes' in entry ? (
        <Fact name={t.verify.entryBytes}>{formatNumber(entry.bytes, language)}</Fact>
      ) : (
        <>
          <Fact name={t.verify.event}>{entry.kind}</Fact>
          <Fact name={t.verify.time}>
            <When at={entry.time} />
          </Fact>
          <Fact name={t.verify.flags}>{entry.flags.join(', ') || t.none}</Fact>
          <Fact name={t.verify.sequence}>{formatNumber(entry.sequence, language)}</Fact>
          <Fact name={t.verify.tenant} wide>
            <Mono>{entry.tenant}</Mono>
          </Fact>
        </>
      )}
      <Fact name={t.verify.leafHash} wide>
        <Mono>{leafHash}</Mono>
      </Fact>
    </>
  )
}

function ExportFacts({ exported }: { exported: VerifiedExport }) {
  const t = useMessages()
  const language = useLanguage()
  const { entries, told: content, parts, first, last } = exported
  return (
    <>
      <Fact name={t.verify.entries}>{formatNumber(entries, language)}</Fact>
      <Fact name={t.verify.told}>{formatNumber(content, language)}</Fact>
      <Fact name={t.verify.redacted}>{formatNumber(entries - content, language)}</Fact>
      {first !== undefined && last !== undefined && (
        <Fact name={t.verify.range}>
          {formatNumber(first, language)} – {formatNumber(last, language)}
        </Fact>
      )}
      {parts > 1 && <Fact name={t.verify.parts}>{formatNumber(parts, language)}</Fact>}
    </>
  )
}

function LogFacts({ log: { entries, entryBytes, auditLeaves, tenants, seconds } }: { log: VerifiedLog }) {
  const t = useMessages()
  const language = useLanguage()
  return (
    <>
      <Fact name={t.verify.entries}>
        {formatNumber(entries, language)} ({formatBytes(entryBytes, language)})
      </Fact>
      <Fact name={t.verify.auditLeaves}>{formatNumber(auditLeaves, language)}</Fact>
      <Fact name={t.verify.chains}>{formatNumber(tenants, language)}</Fact>
      <Fact name={t.verify.took}>
        {t.verify.tookAt(
          seconds < 60
            ? formatDuration(`PT${seconds.toFixed(1)}S`, language)
            : formatSeconds(seconds, language),
          formatNumber(entries / seconds, language),
        )}
      </Fact>
    </>
  )
}

function Chains({ exported }: { exported: VerifiedExport }) {
  const t = useMessages()
  const language = useLanguage()
  return (
    <section className={styles.chains}>
      <h4>{t.verify.chains}</h4>
      <p>{t.verify.chainsHint}</p>
      <div className={ui.scroll}>
        <table className={ui.table}>
          <thead>
            <tr>
              <th scope="col">{t.verify.chainName}</th>
              <th scope="col">{t.verify.chainPseudonym}</th>
              <th scope="col">{t.verify.chainNumbers}</th>
              <th scope="col">{t.verify.chainGaps}</th>
              <th scope="col">{t.verify.chainHead}</th>
            </tr>
          </thead>
          <tbody>
            {exported.chains.map(({ name, tenant, first, last, gaps, head }) => (
              <tr key={tenant}>
                <td>{name ?? <Quiet>{t.verify.platform}</Quiet>}</td>
                <td title={tenant}>
                  <Mono>{tenant.slice(0, 8)}</Mono>
                </td>
                <td className="num">
                  {formatNumber(first, language)} – {formatNumber(last, language)}
                </td>
                <td>{gaps === 0 ? t.verify.noGap : t.verify.gaps(gaps)}</td>
                <td>{head === undefined ? <Quiet>–</Quiet> : <When at={head} />}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}
