import { Button, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useMessages } from '../i18n'
import ui from '../ui/ui.module.css'
import styles from './verify.module.css'

/** Asks where a log publishes itself; this site's own log is proposed. */
export function AddressForm({
  lead,
  button,
  busy = false,
  onAddress,
}: {
  lead: string
  button: string
  busy?: boolean
  onAddress: (address: string) => void
}) {
  const t = useMessages()
  const [address, setAddress] = useState(() => `${window.location.origin}/api/log`)
  const [wrong, setWrong] = useState(false)

  function submit(event: FormEvent) {
    event.preventDefault()
    const base = address.trim().replace(/\/+$/, '')
    const right = URL.canParse(base) && /^https?:/.test(base)
    setWrong(!right)
    if (right) onAddress(base)
  }

  return (
    <form className={ui.form} onSubmit={submit} noValidate>
      <p className={styles.hint}>{lead}</p>
      <div className={styles.address}>
        <TextInput
          label={t.verify.address}
          value={address}
          spellCheck={false}
          error={wrong && t.verify.addressWrong}
          onChange={({ currentTarget }) => setAddress(currentTarget.value)}
        />
        <Button type="submit" variant="default" loading={busy}>
          {button}
        </Button>
      </div>
    </form>
  )
}
