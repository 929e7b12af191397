// The classic widgets, for an app of one's own that shows them.
import ground from 'svc:sheet/@jupyter-widgets/base/css/index.css'
import sheet from 'svc:sheet/@jupyter-widgets/controls/css/widgets-base.css'

import { wear } from './sheets.js'

wear(ground + sheet)

export * from '@jupyter-widgets/controls'
