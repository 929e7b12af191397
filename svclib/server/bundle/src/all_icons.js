import sheet from 'svc:icons/all'

import { wear } from './sheets.js'

wear(sheet)
