import sheet from 'svc:icons/all'

window.svcPage.wear(sheet)
