import { Link } from 'react-router'
import { useMessages } from '../i18n'
import { Empty } from '../ui/parts'

export function NotFound() {
  const t = useMessages()
  return (
    <Empty title={t.notFound.title} detail={t.notFound.detail}>
      <p>
        <Link to="/">{t.session.toAnswers}</Link>
      </p>
    </Empty>
  )
}
