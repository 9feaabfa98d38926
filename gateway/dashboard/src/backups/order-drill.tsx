import { Button, Radio } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { Problem } from '../api/problem'
import { useCommand } from '../api/queries'
import type { Drill, NewDrill } from '../api/types'
import { useMessages } from '../i18n'
import { ProblemNotice } from '../ui/parts'
import ui from '../ui/ui.module.css'
import styles from './backups.module.css'

const kinds: Drill['comparedWith'][] = ['source', 'log']

/** Orders a drill; what it proves depends on what the restored copy is compared with. */
export function OrderDrill({
  cluster,
  cancel,
  done,
}: {
  cluster: string | undefined
  cancel: () => void
  done: () => void
}) {
  const t = useMessages()
  const [comparedWith, setComparedWith] = useState<Drill['comparedWith']>('source')
  const drill = useCommand<NewDrill>('POST', '/api/backups/drills', ['/api/backups/drills'])
  const code = drill.error instanceof Problem ? drill.error.code : undefined
  const advice = code === undefined ? undefined : t.backups.drillAdvice[code]

  function submit(event: FormEvent) {
    event.preventDefault()
    drill.mutate({ comparedWith, ...(cluster === undefined ? {} : { cluster }) }, { onSuccess: done })
  }

  function choose(value: string) {
    const kind = kinds.find((each) => each === value)
    if (kind === undefined) return
    setComparedWith(kind)
    // A refusal was of the other kind.
    drill.reset()
  }

  return (
    <form className={ui.form} onSubmit={submit}>
      <p>{t.backups.drillLead}</p>
      <Radio.Group label={t.backups.compareWith} value={comparedWith} onChange={choose}>
        <div className={styles.kinds}>
          {kinds.map((kind) => (
            <Radio
              key={kind}
              value={kind}
              classNames={{ description: styles.proves ?? '' }}
              label={t.backups.comparisons[kind].name}
              description={t.backups.comparisons[kind].proves}
              {...(kind === comparedWith ? { 'data-autofocus': true } : {})}
            />
          ))}
        </div>
      </Radio.Group>
      {drill.isError && (
        <>
          <ProblemNotice error={drill.error} />
          {advice !== undefined && <p>{advice}</p>}
        </>
      )}
      <div className={ui.formEnd}>
        <Button variant="default" onClick={cancel}>
          {t.cancel}
        </Button>
        <Button type="submit" loading={drill.isPending}>
          {t.backups.drill}
        </Button>
      </div>
    </form>
  )
}
