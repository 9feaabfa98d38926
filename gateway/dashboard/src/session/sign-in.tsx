import { Button } from '@mantine/core'
import { Link, useLocation } from 'react-router'
import { useMessages } from '../i18n'
import { Icon } from '../ui/icons'
import { rememberPlace } from './session'
import styles from './session.module.css'

export function SignInButton({ size = 'sm' }: { size?: 'sm' | 'md' }) {
  const t = useMessages()
  const { pathname } = useLocation()
  return (
    <Button component="a" href="/session/login" size={size} onClick={() => rememberPlace(pathname)}>
      {t.session.signIn}
    </Button>
  )
}

export function SignInPanel({ title, heading: Heading = 'h2' }: { title: string; heading?: 'h1' | 'h2' }) {
  const t = useMessages()
  return (
    <section className={styles.panel} aria-label={title}>
      <span className={styles.badge}>
        <Icon name="lock" size={24} />
      </span>
      <Heading>{title}</Heading>
      <p>{t.session.neededDetail}</p>
      <SignInButton size="md" />
      <Link to="/">{t.session.toAnswers}</Link>
    </section>
  )
}
