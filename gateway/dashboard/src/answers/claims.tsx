import type { Answer, Claim } from '../api/types'
import { type Language, type Messages, textIn, useLanguage, useMessages } from '../i18n'
import { formatDuration } from '../i18n/format'
import { StateBadge, When } from '../ui/parts'
import styles from './answers.module.css'

/**
 * What the answer says just now. A claim's own words are shown only while all claims are proven: as the headline of a
 * weaker answer they would still read as a promise.
 */
export function wordingOf(answer: Answer, language: Language, t: Messages): string {
  const first = answer.claims[0]
  return answer.state === 'proven' && first ? textIn(language, first.text) : t.answers.wording[answer.state]
}

export function lastProofOf(answer: Answer): string | undefined {
  return answer.claims
    .flatMap(({ lastProof }) => lastProof ?? [])
    .sort((a, b) => Date.parse(a) - Date.parse(b))
    .at(-1)
}

export function ClaimList({ claims }: { claims: Claim[] }) {
  return (
    <ul className={styles.claimList}>
      {claims.map((claim) => (
        <ClaimRow key={claim.id} claim={claim} />
      ))}
    </ul>
  )
}

function ClaimRow({ claim }: { claim: Claim }) {
  const t = useMessages()
  const language = useLanguage()
  // The entry that holds the newest measurement; it has no index until it is in the log, a second later.
  const index = claim.evidence?.index
  return (
    <li className={styles.claim}>
      <p>{textIn(language, claim.text)}</p>
      <StateBadge state={claim.state} />
      <dl className={styles.meta}>
        <div>
          <dt>{t.answers.lastProof}</dt>
          <dd>{claim.lastProof ? <When at={claim.lastProof} /> : t.answers.neverProven}</dd>
        </div>
        <div>
          <dt>{t.answers.freshFor}</dt>
          <dd>{formatDuration(claim.freshFor, language)}</dd>
        </div>
        {index !== undefined && (
          <div>
            <dt className="hidden">{t.answers.evidence}</dt>
            <dd>
              <a href={`/api/audit/entries/${index}/proof`}>{t.answers.evidenceIn(index)}</a>
            </dd>
          </div>
        )}
      </dl>
    </li>
  )
}
