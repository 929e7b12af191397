"""Backups: one consistent file while in use, read back after writing, restored as a whole."""

from svclib.workspace.backup.restoring import RestoreDone, database_name, restore_backup
from svclib.workspace.backup.writing import BackupDone, Backups

__all__ = ["BackupDone", "Backups", "RestoreDone", "database_name", "restore_backup"]
