"""Branches, tills, and what is written for ever."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from kpos.wawi.desk.fields import Flag
from kpos.wawi.desk.models.master import Row, link


class Branch(Row):
    """Where tills stand and goods lie."""

    name = models.TextField(_("name"))

    class Meta(Row.Meta):
        abstract = False
        db_table = "branch"
        ordering = ("name",)
        verbose_name = _("branch")
        verbose_name_plural = _("branches")

    def __str__(self) -> str:
        return self.name


class Till(Row):
    """A till, as it was last heard of."""

    branch = link("Branch", _("branch"), empty=True)
    prefix = models.TextField(_("prefix"))
    token_hash = models.TextField(null=True, editable=False)
    paired_ms = models.BigIntegerField(_("paired"), null=True)
    seen_ms = models.BigIntegerField(_("last seen"), null=True)
    version = models.TextField(_("version"))
    queue = models.BigIntegerField(_("not sent yet"))
    skew_ms = models.BigIntegerField(_("clock"))
    lost_ms = models.BigIntegerField(_("lost"), null=True)
    stopped = models.TextField(_("stopped"), null=True)

    class Meta(Row.Meta):
        abstract = False
        db_table = "till"
        ordering = ("prefix",)
        verbose_name = _("till")
        verbose_name_plural = _("tills")

    def __str__(self) -> str:
        return self.prefix


class Document(models.Model):
    """A document of any till, byte for byte as it came."""

    id = models.BigIntegerField(primary_key=True)
    till = link("Till", _("till"))
    epoch = models.BigIntegerField(_("epoch"))
    seq = models.BigIntegerField(_("number"))
    hash = models.TextField(_("hash"))
    prev_hash = models.TextField(_("hash of the one before"))
    position = models.BigIntegerField(_("position"), null=True)
    kind = models.TextField(_("kind"), null=True)
    receipt = models.TextField(_("receipt"), null=True)
    content = models.TextField(_("content"))
    part = models.TextField(_("private part"), null=True)
    fork = Flag(_("forked"))
    flags = models.TextField(_("flags"))
    at_ms = models.BigIntegerField(_("arrived"))

    class Meta:
        managed = False
        db_table = "document"
        ordering = ("-id",)
        verbose_name = _("document")
        verbose_name_plural = _("journals of all tills")

    def __str__(self) -> str:
        return self.receipt or f"{self.till} {self.epoch}/{self.seq}"


class Alarm(models.Model):
    """What somebody should look at."""

    id = models.BigIntegerField(primary_key=True)
    at_ms = models.BigIntegerField(_("at"))
    kind = models.TextField(_("kind"))
    till = link("Till", _("till"), empty=True)
    detail = models.TextField(_("detail"))
    settled_by = models.TextField(_("settled by"), null=True)

    class Meta:
        managed = False
        db_table = "alarm"
        ordering = ("-id",)
        verbose_name = _("alarm")
        verbose_name_plural = _("alarms")

    def __str__(self) -> str:
        return f"{self.kind} {self.till or ''}".strip()


class Audit(models.Model):
    """Who changed what, with before and after."""

    id = models.BigIntegerField(primary_key=True)
    at = models.TextField(_("at"))
    who = models.TextField(_("who"))
    what = models.TextField(_("what"))
    was = models.TextField(_("before"), null=True)
    became = models.TextField(_("after"), null=True)

    class Meta:
        managed = False
        db_table = "audit"
        ordering = ("-id",)
        verbose_name = _("change")
        verbose_name_plural = _("audit log")

    def __str__(self) -> str:
        return f"{self.who} {self.what}"
