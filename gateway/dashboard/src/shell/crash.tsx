import { Button } from '@mantine/core'
import { useMessages } from '../i18n'
import { Empty } from '../ui/parts'
import styles from './shell.module.css'

/** Shown when a page throws, or when its code could not be loaded (an old tab after an update). */
export function Crash() {
  const t = useMessages()
  return (
    <main className={styles.main}>
      <Empty title={t.crash.title} detail={t.crash.detail}>
        <p>
          <Button onClick={() => window.location.reload()}>{t.crash.reload}</Button>
        </p>
      </Empty>
    </main>
  )
}
