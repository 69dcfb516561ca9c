"""A deploy from top to bottom: look, place the template, upload, change set, carry out, remember.

Each function is one step, and each may have been done before by a run that ended early: a look at
the cloud says how far things are, and the rest is done. Nothing is kept on this machine.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Protocol

from chalice.aws.cloudformation import NewChangeSet
from chalice.deploy import artifacts, releases, stacks
from chalice.deploy import plan as plans
from chalice.deploy.states import Way, busy, way_of
from chalice.deploy.target import TAG
from chalice.deploy.templates import Placed, deployed_template
from chalice.deploy.waiting import Clock
from chalice.diagnostics import ToolError
from chalice.template.document import MAX_INLINE_BYTES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from chalice.aws.account import Account, Caller
    from chalice.aws.cloudformation import ChangeSet, Event, Stack
    from chalice.deploy.artifacts import Bucket
    from chalice.deploy.grants import Compared
    from chalice.deploy.plan import Plan
    from chalice.deploy.releases import History, Release
    from chalice.deploy.target import Target
    from chalice.deploy.templates import Wanted
    from chalice.diagnostics import Problem


class Watching(Protocol):
    """Who is told how a deploy goes on."""

    def say(self, text: str) -> None:
        """Tell of a step that deserves a sentence."""
        ...

    def event(self, event: Event) -> None:
        """Tell of something that happened to a resource."""
        ...

    def agree(self, plan: Plan) -> None:
        """Show what will be done, and return if somebody agrees.

        Raises:
            ToolError: nobody does.
        """
        ...


@dataclass(frozen=True, slots=True)
class Look:
    """What is there before anything is done."""

    caller: Caller
    stack: Stack | None
    way: Way


@dataclass(frozen=True, slots=True)
class Prepared:
    """A deploy up to the moment before it changes anything.

    Attributes:
        bucket: that of artifacts.
        placed: the template.
        plan: what would be done.
        stack: the stack as it is; None where there is none.
        change_set: what would do it; None where nothing has to be done.
    """

    bucket: Bucket
    placed: Placed
    plan: Plan
    stack: Stack | None
    change_set: ChangeSet | None


@dataclass(frozen=True, slots=True)
class Deployed:
    """What came of a deploy.

    Attributes:
        stack: the stack as it is now.
        plan: what was done; empty where nothing had to be.
    """

    stack: Stack
    plan: Plan


@dataclass(frozen=True, slots=True)
class Deployment:
    """The steps of one deploy of one target.

    Attributes:
        account: AWS.
        target: the stack that it is about.
        watching: is told how it goes on.
        clock: time.
        today: the time of day.
    """

    account: Account
    target: Target
    watching: Watching
    clock: Clock = field(default_factory=Clock)
    today: Callable[[], datetime] = lambda: datetime.now(UTC)

    # --- what is there ---------------------------------------------------------------------------

    def look(self) -> Look:
        """Return what is there; asked before a build, for the build may take longer.

        Raises:
            NoAccess: AWS cannot be called.
            Stuck: the stack has to be helped out of its state first.
            ToolError: it belongs to another application, or is in another account.
        """
        caller, stack = self.standing()
        return Look(caller, stack, way_of(stack))

    def standing(self) -> tuple[Caller, Stack | None]:
        """Return who calls, and the stack in whatever state it is.

        Raises:
            NoAccess: AWS cannot be called.
            ToolError: it belongs to another application, or is in another account.
        """
        caller = self.account.caller()
        self.target.accept(caller)
        stack = self.account.stacks.stack(self.target.stack_name)
        owner = stack.tags.get(TAG) if stack is not None else None
        own = self.target.tags[TAG]
        if owner not in {None, own}:
            raise ToolError(
                f"The stack `{self.target.stack_name}` belongs to another application,"
                f" `{owner}`, and this is `{own}`. Name another one as `deploy.stack_name` in"
                " `.chalice/config.json`"
            )
        return caller, stack

    def bucket(self, caller: Caller) -> Bucket:
        """Return the bucket of artifacts, made where it is missing."""
        found = artifacts.find(self.account, self.target, caller)
        return found or artifacts.make(self.account, caller, self.watching.say, self.clock)

    # --- plan ------------------------------------------------------------------------------------

    def plan(self, look: Look, wanted: Wanted) -> Plan:
        """Return what a deploy would do; nothing stays of it but an uploaded archive.

        Of a stack that is not there CloudFormation has nothing to compare: its template is checked,
        and nothing is uploaded.
        """
        if look.way is not Way.UPDATE:
            return self._plan_of_creation(look, wanted)
        made = self.prepare(look, wanted)
        if made.change_set is not None:
            self.account.stacks.delete_change_set(self.target.stack_name, made.change_set.name)
        return made.plan

    def prepare(self, look: Look, wanted: Wanted) -> Prepared:
        """Upload what a deploy needs, and return what it would do, with its change set.

        Raises:
            Busy: somebody else is at it.
            InvalidApp: AWS would refuse it; nothing was uploaded.
            ToolError: CloudFormation refuses it, and says why.
        """
        if look.way is Way.BUSY:
            raise self._busy(look)
        stack = self._cleared(look)
        before = deployed_template(self.account.stacks, stack)
        bucket = artifacts.find(self.account, self.target, look.caller)
        placed = wanted.placed(self.target.stack_name, bucket.name if bucket else "bucket")
        if stack is not None and bucket is not None and self._is_there(stack, placed, before):
            return Prepared(bucket, placed, self._nothing(), stack, None)
        warnings = self._checked(look, wanted, placed, before)
        if bucket is None:
            bucket = artifacts.make(self.account, look.caller, self.watching.say, self.clock)
            placed = wanted.placed(self.target.stack_name, bucket.name)
        for key, path in wanted.archives(self.target.stack_name).items():
            if artifacts.upload(bucket, key, path):
                self.watching.say(f"Uploaded `{path.name}` to `{bucket.name}`")
        made = self.changing(look.caller, bucket, placed, stack, before, wanted.commit)
        return replace(made, plan=replace(made.plan, warnings=warnings))

    def _checked(
        self, look: Look, wanted: Wanted, placed: Placed, before: Mapping[str, Any]
    ) -> tuple[Problem, ...]:
        """Return what deserves a look; raise what AWS would refuse later on."""
        from chalice.deploy.preflight import checking  # noqa: PLC0415 - only what changes is checked
        from chalice.deploy.preflight.looking import Looking  # noqa: PLC0415 - the same

        return checking.check(
            Looking(self.account, look.caller, self.today().date()),
            wanted,
            placed,
            before,
            self.target.stack_name,
            sandbox=self.target.sandbox,
            leaving=look.way is Way.WAIT_FIRST,
        )

    def changing(
        self,
        caller: Caller,
        bucket: Bucket,
        placed: Placed,
        stack: Stack | None,
        before: Mapping[str, Any],
        commit: str,
        kind: str = "deploy",
    ) -> Prepared:
        """Return the change set that brings *stack* to a template whose archives are uploaded.

        Args:
            caller: who wants it.
            bucket: that of artifacts.
            placed: the template.
            stack: the stack as it is; None where there is none.
            before: its template.
            commit: that of the project; may be empty.
            kind: that of the release that it makes.
        """
        api, name = self.account.stacks, self.target.stack_name
        text = placed.text
        if len(text.encode()) > MAX_INLINE_BYTES:
            text = self._put_template(bucket, placed)
        change_set = stacks.make(
            api,
            NewChangeSet(
                name,
                stacks.change_set_name(self._content(placed.sha256, kind), stack),
                text,
                creates=stack is None or stack.is_new,
                description=_description(caller, commit),
                tags=self.target.tags,
            ),
            self.clock,
        )
        if change_set is None:
            return Prepared(bucket, placed, self._nothing(), api.stack(name), None)
        plan = plans.plan_of(name, change_set.changes, before, placed.document, placed.places)
        plan = replace(plan, permissions=self.permissions(caller, before, placed))
        return Prepared(bucket, placed, plan, stack, change_set)

    def permissions(self, caller: Caller, before: Mapping[str, Any], placed: Placed) -> Compared:
        """Return what roles gain and lose from the template *before* to what is *placed*."""
        from chalice.deploy.grants import compare  # noqa: PLC0415 - only what changes is compared
        from chalice.deploy.preflight.coming import values_of  # noqa: PLC0415 - the same

        name, region = self.target.stack_name, self.account.region
        values = values_of(placed.document, name, caller.account, region)
        return compare(before, placed.document, values, placed.needed)

    def _nothing(self) -> Plan:
        return plans.Plan(self.target.stack_name, ())

    def _plan_of_creation(self, look: Look, wanted: Wanted) -> Plan:
        if look.way is Way.BUSY:
            raise self._busy(look)
        found = artifacts.find(self.account, self.target, look.caller)
        placed = wanted.placed(self.target.stack_name, found.name if found else "bucket")
        warnings = self._checked(look, wanted, placed, {})
        if len(placed.text.encode()) <= MAX_INLINE_BYTES:
            self.account.stacks.validate(placed.text)
        plan = plans.creation(self.target.stack_name, placed.document, placed.places)
        gained = self.permissions(look.caller, {}, placed)
        return replace(plan, warnings=warnings, permissions=gained)

    def _is_there(self, stack: Stack, placed: Placed, before: Mapping[str, Any]) -> bool:
        """Return whether the stack is what the template makes of it."""
        tagged = self.target.tags.items() <= stack.tags.items()
        return tagged and artifacts.canonical(before) == artifacts.canonical(placed.document)

    def _put_template(self, bucket: Bucket, placed: Placed) -> str:
        key = artifacts.template_key(self.target.stack_name, placed.sha256)
        bucket.objects.write(key, placed.text.encode())
        return bucket.objects.url(key)

    def began(self, token: str, sha256: str, kind: str = "deploy") -> bool:
        """Return whether the operation *token* is the one that brings the stack to a template.

        Args:
            token: that of an operation.
            sha256: that of the template.
            kind: that of the release.
        """
        return token.startswith(stacks.mark_of(self._content(sha256, kind)))

    def _content(self, sha256: str, kind: str) -> str:
        """Return what a change set is known by, however often it is made."""
        return artifacts.digest(f"{kind} {sha256} {json.dumps(self.target.tags)}".encode())

    def _busy(self, look: Look) -> ToolError:
        stack = look.stack
        assert stack is not None, "a stack that is missing is not busy"  # noqa: S101 - for types
        token = self.latest_token(stack)
        made = self.account.stacks.change_set(stack.name, token) if token else None
        since = f" since {stack.updated:%H:%M:%S %Z}" if stack.updated is not None else ""
        by = f"{made.description}{since}" if made is not None and made.description else since[1:]
        return busy(stack, by)

    def latest_token(self, stack: Stack) -> str:
        """Return what the latest operation on a stack is known by."""
        latest = next(self.account.stacks.events(stack.id), None)
        return latest.token if latest is not None else ""

    # --- deploy ----------------------------------------------------------------------------------

    def deploy(self, look: Look, wanted: Wanted) -> Deployed:
        """Bring the stack to what is wanted.

        Raises:
            InvalidApp: AWS would refuse it; nothing was changed.
            StackFailed: CloudFormation could not do it, and went back.
            ToolError: it is not done, with the reason and what to do.
        """
        if look.way is Way.BUSY:
            return self._joined(look, wanted)
        made = self.prepare(look, wanted)
        if made.change_set is None:
            return self._unchanged(look.caller, made, wanted)
        release = wanted.release(made.placed)
        return Deployed(self.carry_out(look.caller, made, release), made.plan)

    def _cleared(self, look: Look) -> Stack | None:
        """Return the stack to update; what a failed creation left is removed first."""
        stack = look.stack
        if stack is None or look.way in {Way.CREATE, Way.UPDATE}:
            return stack if stack is not None and not stack.status.startswith("DELETE") else None
        if look.way is Way.REMOVE_FIRST:
            self.watching.say(
                f"The stack `{stack.name}` is what a failed first deploy left; it is removed first"
            )
        else:
            self.watching.say(f"The stack `{stack.name}` is being removed; waiting until it is")
        stacks.remove(self.account.stacks, stack, self.watching.event, self.clock)
        return None

    def _joined(self, look: Look, wanted: Wanted) -> Deployed:
        """Follow a deploy of the same that is under way: an earlier run was ended early."""
        bucket = self.bucket(look.caller)
        placed = wanted.placed(self.target.stack_name, bucket.name)
        stack = look.stack
        assert stack is not None, "a stack that is missing is not busy"  # noqa: S101 - for types
        token = self.latest_token(stack)
        if not self.began(token, placed.sha256):
            raise self._busy(look)
        self.watching.say("The same deploy is under way already; following it")
        self._put_template(bucket, placed)
        release = wanted.release(placed)
        done = self.finish(look.caller, bucket, placed, release, stack.id, token)
        return Deployed(done, self._nothing())

    def _unchanged(self, caller: Caller, made: Prepared, wanted: Wanted) -> Deployed:
        """See to what a deploy of the same has left undone; nothing, as a rule."""
        stack, placed, name = made.stack, made.placed, self.target.stack_name
        assert stack is not None, "what is unchanged is there"  # noqa: S101 - for types
        history = releases.read(made.bucket.objects, name)
        if history.synced is not None or not history.is_at(placed.sha256):
            for key, path in wanted.archives(name).items():
                artifacts.upload(made.bucket, key, path)
            self._put_template(made.bucket, placed)
            self._reconcile(stack, history, placed.document)
            self._remember(caller, made.bucket, history, wanted.release(placed))
        return Deployed(stack, made.plan)

    def carry_out(self, caller: Caller, made: Prepared, release: Release) -> Stack:
        """Execute a change set where somebody agrees, and remember what was released.

        Raises:
            Moved: it does not hold any more.
            StackFailed: CloudFormation could not do it, and went back.
            ToolError: nobody agrees.
        """
        api, name, change_set = self.account.stacks, self.target.stack_name, made.change_set
        assert change_set is not None, "there is something to carry out"  # noqa: S101 - for types
        try:
            self.watching.agree(made.plan)
        except BaseException:
            api.delete_change_set(name, change_set.name)
            raise
        self._put_template(made.bucket, made.placed)
        stacks.execute(api, name, change_set.name)
        stack_id, token = change_set.stack_id, change_set.name
        return self.finish(caller, made.bucket, made.placed, release, stack_id, token)

    def finish(
        self,
        caller: Caller,
        bucket: Bucket,
        placed: Placed,
        release: Release,
        stack_id: str,
        token: str,
    ) -> Stack:
        """Follow an operation that was begun, and remember what was released.

        Args:
            caller: who released it.
            bucket: that of artifacts.
            placed: the template.
            release: what is remembered of it.
            stack_id: the stack.
            token: that of the operation.

        Raises:
            StackFailed: CloudFormation could not do it, and went back.
        """
        api, watch = self.account.stacks, self.watching.event
        done = stacks.follow(api, stack_id, token, watch, self.clock, placed.places)
        history = releases.read(bucket.objects, done.name)
        self._reconcile(done, history, placed.document)
        self._remember(caller, bucket, history, release)
        return done

    def _reconcile(self, stack: Stack, history: History, template: Mapping[str, Any]) -> None:
        """Give functions back the code that the stack says they have, if they got another."""
        if history.synced is None:
            return
        from chalice.deploy import syncing  # noqa: PLC0415 - seldom

        self.watching.say(
            "Functions were synced since the last deploy; they get the code of this one"
        )
        syncing.give(self.account, stack, template, self.clock)

    def _remember(self, caller: Caller, bucket: Bucket, history: History, release: Release) -> None:
        signed = releases.signed(release, caller.arn, self.today())
        name = self.target.stack_name

        def add(before: History) -> History:
            return releases.added(before, signed)

        after = releases.update(bucket.objects, name, add, history)
        if history.files() - after.files():
            releases.clear(bucket.objects, name, after, self.today())


def _description(caller: Caller, commit: str) -> str:
    """Return what others see of a deploy while it runs."""
    of = f" of commit {commit[:12]}" if commit else ""
    # Source: CloudFormation API reference, CreateChangeSet, "Description": at most 1,024.
    return f"of `{caller.arn}`{of}"[:1024]
