import { serve } from './fsck-aside'

serve(self)
