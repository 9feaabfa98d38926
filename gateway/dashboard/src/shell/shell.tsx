import { ActionIcon, Menu, useComputedColorScheme, useMantineColorScheme } from '@mantine/core'
import { useEffect, useState } from 'react'
import { Link, NavLink, Outlet, ScrollRestoration, useLocation, useNavigate } from 'react-router'
import { chooseLanguage, type Language, useLanguage, useMessages } from '../i18n'
import { homeOf, signOut, takePlace, useMe } from '../session/session'
import { SignInButton } from '../session/sign-in'
import { Icon, Mark } from '../ui/icons'
import { Notice } from '../ui/parts'
import { pagesFor } from './navigation'
import styles from './shell.module.css'

export function Shell() {
  const t = useMessages()
  return (
    <div className={styles.shell}>
      <a className={styles.skip} href="#content">
        {t.skipToContent}
      </a>
      <Header />
      <main id="content" className={styles.main} tabIndex={-1}>
        <SignInFailure />
        <Outlet />
      </main>
      <footer className={styles.footer}>
        <div>
          <p>{t.footer}</p>
          <p>{t.footerList}</p>
        </div>
      </footer>
      <ScrollRestoration />
    </div>
  )
}

/** The gateway comes back to `/?signin=failed` when Keycloak refused or did not answer. */
function SignInFailure() {
  const t = useMessages()
  const { search } = useLocation()
  if (new URLSearchParams(search).get('signin') !== 'failed') return null
  return (
    <div className={styles.announce}>
      <Notice tone="bad" title={t.session.failed} actions={<SignInButton />}>
        {t.session.failedDetail}
      </Notice>
    </div>
  )
}

function Header() {
  const t = useMessages()
  const { me } = useMe()
  const [open, setOpen] = useState(false)
  const { pathname } = useLocation()
  const pages = pagesFor(me, t)
  useReturn()
  // biome-ignore lint/correctness/useExhaustiveDependencies: another page closes the menu
  useEffect(() => setOpen(false), [pathname])
  return (
    <header className={styles.header}>
      <div className={styles.bar}>
        <Link to={me ? homeOf(me) : '/'} className={styles.brand ?? ''}>
          <Mark />
          <span>{t.product}</span>
        </Link>
        {pages.length > 1 && (
          <>
            <button
              type="button"
              className={styles.burger}
              aria-label={t.nav.menu}
              aria-expanded={open}
              aria-controls="navigation"
              onClick={() => setOpen(!open)}
            >
              <Icon name={open ? 'cross' : 'menu'} size={20} />
              <span>{t.nav.menu}</span>
            </button>
            <nav id="navigation" className={styles.nav} aria-label={t.nav.label} data-open={open}>
              <ul>
                {pages.map(({ to, name }) => (
                  <li key={to}>
                    <NavLink to={to} end={to === '/'}>
                      {name}
                    </NavLink>
                  </li>
                ))}
              </ul>
            </nav>
          </>
        )}
        <div className={styles.tools}>
          <LanguageSwitch />
          <SchemeSwitch />
          {me === null && <SignInButton />}
          {me && <Account name={me.name} roles={me.roles} tenant={me.tenant ?? undefined} />}
        </div>
      </div>
    </header>
  )
}

/** After a login: go on to where the reader came from, or from the public pages to their own first page. */
function useReturn(): void {
  const { me } = useMe()
  const navigate = useNavigate()
  useEffect(() => {
    if (!me) return
    const place = takePlace()
    if (place === undefined) return
    const isPublic = place === '/' || place.startsWith('/answers')
    void navigate(isPublic ? homeOf(me) : place, { replace: true })
  }, [me, navigate])
}

const languages: { language: Language; short: string; name: string }[] = [
  { language: 'da', short: 'DA', name: 'Dansk' },
  { language: 'en', short: 'EN', name: 'English' },
]

function LanguageSwitch() {
  const t = useMessages()
  const current = useLanguage()
  return (
    <fieldset className={styles.languages}>
      <legend className="hidden">{t.session.language}</legend>
      {languages.map(({ language, short, name }) => (
        <button
          key={language}
          type="button"
          lang={language}
          aria-label={name}
          aria-pressed={current === language}
          onClick={() => chooseLanguage(language)}
        >
          {short}
        </button>
      ))}
    </fieldset>
  )
}

function SchemeSwitch() {
  const t = useMessages()
  const { setColorScheme } = useMantineColorScheme()
  const scheme = useComputedColorScheme('light')
  const dark = scheme === 'dark'
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      size="lg"
      aria-label={dark ? t.session.toLight : t.session.toDark}
      onClick={() => setColorScheme(dark ? 'light' : 'dark')}
    >
      <Icon name={dark ? 'sun' : 'moon'} />
    </ActionIcon>
  )
}

function Account({ name, roles, tenant }: { name: string; roles: string[]; tenant: string | undefined }) {
  const t = useMessages()
  const known = roles.flatMap((role) => t.role[role] ?? [])
  return (
    <Menu position="bottom-end" width={240} withinPortal={false}>
      <Menu.Target>
        <button type="button" className={styles.account} aria-label={`${t.session.signedInAs} ${name}`}>
          <Icon name="person" />
          <span>{name}</span>
          <Icon name="down" size={14} />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <div className={styles.who}>
          <span>{t.session.signedInAs}</span>
          <strong>{name}</strong>
          <span>
            {known.join(', ')}
            {tenant !== undefined && ` · ${tenant}`}
          </span>
        </div>
        <Menu.Divider />
        <Menu.Item leftSection={<Icon name="out" size={16} />} onClick={() => void signOut()}>
          {t.session.signOut}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
