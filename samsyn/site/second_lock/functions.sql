-- What the second lock knows. Written by hand, from the same sentences of docs/decisions/0002 as the predicate in
-- samsyn/sharing/predicate.py and organisations/presence.py, and sharing no code with them.
--
-- Each function reads the facts in the database at this moment: who is asking comes from two settings of the
-- transaction (samsyn.account, samsyn.post), and whether that is so is found out here. Nothing told: nothing seen.
-- The functions belong to samsyn_facts, a role that nobody signs in as and that may read only the tables of facts.
-- PL/pgSQL, because it keeps its plans from one call to the next.

CREATE OR REPLACE FUNCTION second_lock.today() RETURNS date LANGUAGE sql STABLE
AS $$ SELECT (second_lock.moment() AT TIME ZONE 'Europe/Stockholm')::date $$;

CREATE OR REPLACE FUNCTION second_lock.told_account() RETURNS bigint LANGUAGE sql STABLE
AS $$ SELECT nullif(current_setting('samsyn.account', true), '')::bigint $$;

CREATE OR REPLACE FUNCTION second_lock.told_post() RETURNS bigint LANGUAGE sql STABLE
AS $$ SELECT nullif(current_setting('samsyn.post', true), '')::bigint $$;

-- Who holds the post on the day and is there: not away, the account not closed, the post not ended.
CREATE OR REPLACE FUNCTION second_lock.present_at(asked bigint, day date) RETURNS bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  RETURN (
    SELECT held.person_id FROM organisations_holding held JOIN organisations_post post ON post.id = held.post_id
    WHERE held.post_id = asked AND held.since <= day AND (held.until IS NULL OR held.until >= day)
      AND (post.ended_on IS NULL OR post.ended_on >= day)
      AND NOT EXISTS (SELECT FROM organisations_absence away WHERE away.person_id = held.person_id
                      AND away.since <= day AND (away.until IS NULL OR away.until >= day))
      AND NOT EXISTS (SELECT FROM people_account shut WHERE shut.person_id = held.person_id AND NOT shut.is_active)
    ORDER BY held.since DESC, held.id DESC LIMIT 1);
END $$;

-- The post that answers without going upwards: itself, or the nearest cover, first choice first.
CREATE OR REPLACE FUNCTION second_lock.attending(asked bigint, day date) RETURNS bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  level bigint[] := ARRAY[asked];
  passed bigint[] := ARRAY[asked];
  one bigint;
BEGIN
  WHILE cardinality(level) > 0 LOOP
    FOREACH one IN ARRAY level LOOP
      IF second_lock.present_at(one, day) IS NOT NULL THEN RETURN one; END IF;
    END LOOP;
    level := ARRAY(
      SELECT near.by FROM (
        SELECT cover.covered_by_id AS by,
               row_number() OVER (ORDER BY here.place, cover.since, cover.id) AS place
        FROM unnest(level) WITH ORDINALITY AS here(post, place)
        JOIN organisations_cover cover ON cover.post_id = here.post
        WHERE cover.since <= day AND (cover.until IS NULL OR cover.until >= day)
      ) near
      WHERE near.by <> ALL (passed) GROUP BY near.by ORDER BY min(near.place));
    passed := passed || level;
  END LOOP;
  RETURN NULL;
END $$;

-- The one person who answers for the post on the day: holder, cover, upwards, at last a duty desk.
CREATE OR REPLACE FUNCTION second_lock.answers_for(asked bigint, day date) RETURNS bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  here bigint := asked;
  passed bigint[] := '{}';
  found bigint;
  own bigint;
  desk bigint;
BEGIN
  WHILE here IS NOT NULL AND here <> ALL (passed) LOOP
    passed := passed || here;
    found := second_lock.attending(here, day);
    IF found IS NOT NULL THEN RETURN second_lock.present_at(found, day); END IF;
    here := (SELECT parent_id FROM organisations_post WHERE id = here);
  END LOOP;
  own := (SELECT authority.principal_id FROM organisations_post post JOIN organisations_unit unit
          ON unit.id = post.unit_id JOIN organisations_authority authority ON authority.id = unit.authority_id
          WHERE post.id = asked);
  FOR desk IN
    SELECT post.id FROM organisations_post post JOIN organisations_unit unit ON unit.id = post.unit_id
    JOIN organisations_authority authority ON authority.id = unit.authority_id
    WHERE post.role = 'duty_desk' AND (post.ended_on IS NULL OR post.ended_on >= day)
    ORDER BY authority.principal_id <> own, post.id
  LOOP
    found := second_lock.attending(desk, day);
    IF found IS NOT NULL THEN RETURN second_lock.present_at(found, day); END IF;
  END LOOP;
  -- Nobody is there at any desk: the desk's holder is still the one to ask.
  RETURN (
    SELECT held.person_id FROM organisations_post post JOIN organisations_unit unit ON unit.id = post.unit_id
    JOIN organisations_authority authority ON authority.id = unit.authority_id
    JOIN organisations_holding held ON held.post_id = post.id
    WHERE post.role = 'duty_desk' AND (post.ended_on IS NULL OR post.ended_on >= day)
      AND held.since <= day AND (held.until IS NULL OR held.until >= day)
    ORDER BY authority.principal_id <> own, post.id, held.since DESC, held.id DESC LIMIT 1);
END $$;

-- The account that was told, when it is open.
CREATE OR REPLACE FUNCTION second_lock.account() RETURNS bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  RETURN (SELECT id FROM people_account WHERE id = second_lock.told_account() AND is_active);
END $$;

-- The person of that account.
CREATE OR REPLACE FUNCTION second_lock.person() RETURNS bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  RETURN (SELECT person_id FROM people_account WHERE id = second_lock.told_account() AND is_active);
END $$;

-- The post that was told, when this account holds it now or answers for it now. An operator has no post.
CREATE OR REPLACE FUNCTION second_lock.post() RETURNS bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  asked bigint := second_lock.told_post();
  day date := second_lock.today();
  me bigint;
  holds boolean;
BEGIN
  IF asked IS NULL THEN RETURN NULL; END IF;
  SELECT own.person_id, EXISTS (
      SELECT FROM organisations_holding held WHERE held.post_id = asked AND held.person_id = own.person_id
      AND held.since <= day AND (held.until IS NULL OR held.until >= day))
    INTO me, holds
    FROM people_account own, organisations_post post
    WHERE own.id = second_lock.told_account() AND own.is_active AND NOT own.is_operator
      AND post.id = asked AND (post.ended_on IS NULL OR post.ended_on >= day);
  IF me IS NULL THEN RETURN NULL; END IF;
  IF holds THEN RETURN asked; END IF;
  IF second_lock.present_at(asked, day) IS NULL AND second_lock.answers_for(asked, day) = me THEN RETURN asked; END IF;
  RETURN NULL;
END $$;

-- A unit and those above it, nearest first.
CREATE OR REPLACE FUNCTION second_lock.upwards(unit bigint, path text) RETURNS bigint[] LANGUAGE sql IMMUTABLE
AS $$ SELECT ARRAY[unit] || coalesce(string_to_array(nullif(btrim(path, '/'), ''), '/')::bigint[], '{}') $$;

-- The authority of the post that was told. Whether the post is this account's own: as above.
CREATE OR REPLACE FUNCTION second_lock.authority() RETURNS bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  RETURN (SELECT unit.authority_id FROM organisations_post post JOIN organisations_unit unit ON unit.id = post.unit_id
          WHERE post.id = second_lock.told_post());
END $$;

-- Protected persons whom the post (in the own family, the account) has been told of. Whether either is the one who asks
-- was found out before: this and the next are parts of those that find it out.
CREATE OR REPLACE FUNCTION second_lock.known_to(mine bigint, own bigint) RETURNS bigint[] LANGUAGE plpgsql STABLE AS $$
DECLARE
  moment timestamptz := second_lock.moment();
BEGIN
  RETURN ARRAY(
    SELECT told.person_id FROM public.protection_insight told
    WHERE (told.post_id = mine OR told.account_id = own)
      AND told.since <= moment AND told.until > moment AND told.ends_id IS NULL
      AND NOT EXISTS (
        SELECT FROM public.protection_insight later WHERE later.ends_id = told.id AND later.since <= moment));
END $$;

-- Persons who do not exist for them: protected, not known, not oneself, and without custody of one who is known.
CREATE OR REPLACE FUNCTION second_lock.hidden_from(mine bigint, own bigint) RETURNS bigint[]
LANGUAGE plpgsql STABLE AS $$
DECLARE
  day date := second_lock.today();
  known bigint[] := second_lock.known_to(mine, own);
  me bigint := CASE WHEN second_lock.told_post() IS NULL THEN second_lock.person() END;
BEGIN
  RETURN ARRAY(
    SELECT one.id FROM public.people_person one
    WHERE one.protection IN ('family', 'marked', 'protected') AND one.id <> ALL (known)
      AND one.id IS DISTINCT FROM me
      AND NOT EXISTS (SELECT FROM public.people_guardianship held WHERE held.guardian_id = one.id
                      AND held.child_id = ANY (known) AND held.since <= day
                      AND (held.until IS NULL OR held.until >= day)));
END $$;

CREATE OR REPLACE FUNCTION second_lock.known() RETURNS bigint[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  IF second_lock.told_post() IS NULL THEN RETURN second_lock.known_to(NULL, second_lock.account()); END IF;
  RETURN second_lock.known_to(second_lock.post(), NULL);
END $$;

CREATE OR REPLACE FUNCTION second_lock.hidden() RETURNS bigint[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  IF second_lock.told_post() IS NULL THEN RETURN second_lock.hidden_from(NULL, second_lock.account()); END IF;
  RETURN second_lock.hidden_from(second_lock.post(), NULL);
END $$;

-- Whom a reason must be given to, for the post to have it: itself; its unit, for whatever scope; the units above it, to
-- find a child by. Written as the policy of reasons writes a row.
CREATE OR REPLACE FUNCTION second_lock.reached() RETURNS text[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  mine bigint := second_lock.post();
  near bigint[];
BEGIN
  IF mine IS NULL THEN RETURN '{}'; END IF;
  near := (SELECT second_lock.upwards(unit.id, unit.path) FROM organisations_post post
           JOIN organisations_unit unit ON unit.id = post.unit_id WHERE post.id = mine);
  RETURN ARRAY['post ' || mine, 'unit ' || near[1]] || ARRAY(SELECT 'find ' || one FROM unnest(near) one);
END $$;

-- Children of whom the post reads what its authority holds. None who is hidden from it.
CREATE OR REPLACE FUNCTION second_lock.whole() RETURNS bigint[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
  mine bigint := second_lock.post();
  here bigint;
  moment timestamptz := second_lock.moment();
  hidden bigint[];
BEGIN
  IF mine IS NULL THEN RETURN '{}'; END IF;
  here := (SELECT unit_id FROM organisations_post WHERE id = mine);
  hidden := second_lock.hidden_from(mine, NULL);
  RETURN ARRAY(
    SELECT child_id FROM sharing_involvement WHERE post_id = mine AND scope = 'whole' AND child_id <> ALL (hidden)
      AND since <= moment AND (until IS NULL OR until > moment)
    UNION ALL
    SELECT child_id FROM sharing_involvement WHERE unit_id = here AND post_id IS NULL AND scope = 'whole'
      AND child_id <> ALL (hidden) AND since <= moment AND (until IS NULL OR until > moment));
END $$;

-- References of single things that the post reads: its own, and those of this kind that were opened to its unit.
CREATE OR REPLACE FUNCTION second_lock.things(of_kind text) RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  mine bigint := second_lock.post();
  here bigint;
  whose bigint := second_lock.authority();
  moment timestamptz := second_lock.moment();
  day date := second_lock.today();
BEGIN
  IF mine IS NULL THEN RETURN '{}'; END IF;
  here := (SELECT unit_id FROM organisations_post WHERE id = mine);
  RETURN ARRAY(
    SELECT item_ref FROM sharing_involvement WHERE post_id = mine AND scope = 'item'
      AND since <= moment AND (until IS NULL OR until > moment)
    UNION
    SELECT item_ref FROM sharing_involvement WHERE unit_id = here AND post_id IS NULL AND scope = 'item'
      AND since <= moment AND (until IS NULL OR until > moment)
    UNION
    SELECT item.ref FROM sharing_disclosure opened JOIN sharing_disclosureitem item ON item.disclosure_id = opened.id
    WHERE opened.receiver_id = here AND opened.way = 'open' AND opened.since <= moment
      AND (opened.ended_at IS NULL OR opened.ended_at > moment) AND opened.expires_on >= day
      AND item.kind = of_kind
      AND NOT EXISTS (SELECT FROM sharing_consentlimit limited WHERE limited.consent_id = opened.consent_id
                      AND (limited.unit_id = here OR limited.authority_id = whose
                           OR (limited.unit_id IS NULL AND limited.authority_id IS NULL AND limited.kind <> ''))
                      AND limited.kind IN ('', of_kind)));
END $$;

-- Row ids of the disclosures that are open now to a unit of an authority, but for those that a yes keeps from it.
CREATE OR REPLACE FUNCTION second_lock.opened_to(here bigint, whose bigint) RETURNS bigint[]
LANGUAGE plpgsql STABLE AS $$
DECLARE
  moment timestamptz := second_lock.moment();
  day date := second_lock.today();
BEGIN
  RETURN ARRAY(
    SELECT opened.id FROM public.sharing_disclosure opened
    WHERE opened.receiver_id = here AND opened.way = 'open'
      AND opened.since <= moment AND (opened.ended_at IS NULL OR opened.ended_at > moment) AND opened.expires_on >= day
      AND NOT EXISTS (SELECT FROM public.sharing_consentlimit limited WHERE limited.consent_id = opened.consent_id
                      AND limited.kind = '' AND (limited.unit_id = here OR limited.authority_id = whose)));
END $$;

-- The same for the post.
CREATE OR REPLACE FUNCTION second_lock.opened() RETURNS bigint[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  mine bigint := second_lock.post();
BEGIN
  IF mine IS NULL THEN RETURN '{}'; END IF;
  RETURN second_lock.opened_to((SELECT unit_id FROM organisations_post WHERE id = mine), second_lock.authority());
END $$;

-- The children around the post: by any reason of its own or its unit's, or by something opened to its unit. None who is
-- hidden from it.
CREATE OR REPLACE FUNCTION second_lock.children() RETURNS bigint[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
  mine bigint := second_lock.post();
BEGIN
  IF mine IS NULL THEN RETURN '{}'; END IF;
  RETURN second_lock.children_of(mine, second_lock.hidden_from(mine, NULL));
END $$;

CREATE OR REPLACE FUNCTION second_lock.children_of(mine bigint, hidden bigint[]) RETURNS bigint[]
LANGUAGE plpgsql STABLE AS $$
DECLARE
  near bigint[];
  here bigint;
  whose bigint;
  moment timestamptz := second_lock.moment();
  opened bigint[];
BEGIN
  SELECT unit.id, unit.authority_id, second_lock.upwards(unit.id, unit.path) INTO here, whose, near
    FROM public.organisations_post post JOIN public.organisations_unit unit ON unit.id = post.unit_id
    WHERE post.id = mine;
  opened := second_lock.opened_to(here, whose);
  RETURN ARRAY(
    SELECT child_id FROM public.sharing_involvement WHERE post_id = mine AND child_id <> ALL (hidden)
      AND since <= moment AND (until IS NULL OR until > moment)
    UNION
    SELECT child_id FROM public.sharing_involvement WHERE unit_id = here AND post_id IS NULL
      AND child_id <> ALL (hidden) AND since <= moment AND (until IS NULL OR until > moment)
    UNION
    SELECT child_id FROM public.sharing_involvement WHERE unit_id = ANY (near[2:]) AND post_id IS NULL
      AND scope = 'find' AND child_id <> ALL (hidden) AND since <= moment AND (until IS NULL OR until > moment)
    UNION
    SELECT child_id FROM public.sharing_disclosure WHERE id = ANY (opened) AND child_id <> ALL (hidden));
END $$;

-- Who has custody of those children today. Apart from them, since most questions are about children and end there.
CREATE OR REPLACE FUNCTION second_lock.guardians() RETURNS bigint[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
  around bigint[] := second_lock.children();
  day date := second_lock.today();
BEGIN
  RETURN ARRAY(
    SELECT guardian_id FROM people_guardianship WHERE child_id = ANY (around) AND since <= day
      AND (until IS NULL OR until >= day));
END $$;

-- The public reference of persons, and nothing else of them: the trail names whom a page was about.
CREATE OR REPLACE FUNCTION second_lock.reference_of(asked bigint[]) RETURNS TABLE (id bigint, ref uuid)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  RETURN QUERY SELECT one.id, one.ref FROM people_person one WHERE one.id = ANY (asked);
END $$;

-- Who answers for a child that the asker reads, and the units that it belongs to, the newest first: whoever writes
-- about the child is told whom that goes to, and that may be at another authority. An action asks without that limit.
CREATE OR REPLACE FUNCTION second_lock.asks_about(asked bigint) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN current_setting('role') <> 'samsyn_reads' OR asked = ANY (second_lock.readable() || second_lock.custodians());
END $$;

CREATE OR REPLACE FUNCTION second_lock.named_post_of(asked bigint) RETURNS bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  IF NOT second_lock.asks_about(asked) THEN RETURN NULL; END IF;
  RETURN (SELECT post_id FROM circle_namedperson WHERE child_id = asked AND until IS NULL);
END $$;

CREATE OR REPLACE FUNCTION second_lock.places_of(asked bigint) RETURNS bigint[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  IF NOT second_lock.asks_about(asked) THEN RETURN '{}'; END IF;
  RETURN ARRAY(SELECT unit_id FROM sharing_involvement WHERE child_id = asked AND reason = 'attends' AND until IS NULL
               ORDER BY since DESC, id DESC);
END $$;

-- Who looks in the capacity of the own family: the person of the account that was told, when no post was. Never an
-- operator.
CREATE OR REPLACE FUNCTION second_lock.kin() RETURNS bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  IF second_lock.told_post() IS NOT NULL THEN RETURN NULL; END IF;
  RETURN (SELECT person_id FROM people_account
          WHERE id = second_lock.told_account() AND is_active AND NOT is_operator);
END $$;

-- Whom the own family may be about: oneself, and every child of whom one has or has had custody.
CREATE OR REPLACE FUNCTION second_lock.kin_children() RETURNS bigint[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  me bigint := second_lock.kin();
BEGIN
  IF me IS NULL THEN RETURN '{}'; END IF;
  RETURN ARRAY(SELECT me UNION SELECT child_id FROM people_guardianship WHERE guardian_id = me);
END $$;

-- The age of a rule for what this authority holds: its partnership's own, the one decided last, else the law's.
CREATE OR REPLACE FUNCTION second_lock.age_for(asked text, authority bigint, day date) RETURNS integer
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  RETURN coalesce(
    (SELECT local.value + second_lock.age_beyond(asked, day)
     FROM organisations_localclock local JOIN organisations_partnership own ON own.id = local.partnership_id
     JOIN organisations_partnership_parties party ON party.partnership_id = own.id
     WHERE local.rule = asked AND party.authority_id = age_for.authority AND own.decided_on <= day
     ORDER BY own.decided_on DESC, own.id DESC LIMIT 1),
    second_lock.age_of_law(asked, day));
END $$;

-- Does a decision that holds now do this to the row for the one who looks. Kind NULL: to anything about the child.
CREATE OR REPLACE FUNCTION second_lock.decided(does text, about bigint, whose bigint, of_kind text, item uuid)
RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  me bigint := second_lock.kin();
  moment timestamptz := second_lock.moment();
BEGIN
  RETURN EXISTS (
    SELECT FROM sharing_familydecision made
    WHERE made.whom_id = me AND made.child_id = about AND made.step = does AND made.ends_id IS NULL
      AND made.since <= moment AND (made.until IS NULL OR made.until >= second_lock.today())
      AND NOT EXISTS (SELECT FROM sharing_familydecision later WHERE later.ends_id = made.id AND later.since <= moment)
      AND (of_kind IS NULL OR (made.authority_id = whose
           AND (made.item_ref = item OR (made.item_ref IS NULL AND made.kind IN ('', of_kind))))));
END $$;

-- Does the one who looks see the child as a person: tied to it today, and talked with, or let in by a decision.
CREATE OR REPLACE FUNCTION second_lock.kin_persons() RETURNS bigint[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  me bigint := second_lock.kin();
  day date := second_lock.today();
BEGIN
  IF me IS NULL THEN RETURN '{}'; END IF;
  RETURN ARRAY(
    SELECT me
    UNION
    SELECT child.id FROM people_guardianship held JOIN people_person child ON child.id = held.child_id
    WHERE held.guardian_id = me AND held.since <= day AND child.protection = 'none'
      AND (child.birth_date IS NULL
           OR day < child.birth_date + make_interval(years => second_lock.age_of_law('custody_until', day)))
      AND (EXISTS (SELECT FROM sharing_familymet met WHERE met.person_id = me AND met.child_id = child.id)
           OR second_lock.decided('opens', child.id, NULL, NULL, NULL)));
END $$;

-- The things (kind and reference) that a row of the ledger shares, and what each of them was written about.
CREATE OR REPLACE FUNCTION second_lock.shared_in(told_of bigint) RETURNS TABLE (kind text, ref uuid)
LANGUAGE sql STABLE AS $$
  SELECT thing.kind, thing.ref FROM public.sharing_disclosureitem thing WHERE thing.disclosure_id = told_of
  UNION ALL
  SELECT thing.about_kind, thing.about_ref FROM public.sharing_disclosureitem thing
  WHERE thing.disclosure_id = told_of AND thing.about_ref IS NOT NULL
$$;

-- The things that a question names, and what each of them was written about.
CREATE OR REPLACE FUNCTION second_lock.named_in(asked_in bigint) RETURNS TABLE (kind text, ref uuid)
LANGUAGE sql STABLE AS $$
  SELECT thing.kind, thing.ref FROM public.sharing_consentitem thing WHERE thing.consent_id = asked_in
  UNION ALL
  SELECT thing.about_kind, thing.about_ref FROM public.sharing_consentitem thing
  WHERE thing.consent_id = asked_in AND thing.about_ref IS NOT NULL
$$;

-- Does the one who looks see a row about a child of the own family. ``usual``: it needs no decision; ``spoken``: only
-- once this very thing has been talked through; ``asks_guardian``, ``asks_child``: it waits for their answer;
-- ``childs``: no guardian ever; ``first``, ``last``, ``last_day``: when it got its content; ``told_of``: the disclosure
-- whose things it tells of, none of which may be closed to the one who looks, nor what it was written about, neither by
-- who shared them nor by whom they were handed over to; ``followed``, ``of_followed``: the thing that the row itself was
-- written about, and its kind, which may not be closed either; ``asked_in``: the question whose single things it names,
-- for which the same holds.
CREATE OR REPLACE FUNCTION second_lock.family_sees(
  of_kind text, about bigint, whose bigint, item uuid, usual boolean, spoken boolean, asks_guardian boolean,
  asks_child boolean, childs boolean, first timestamptz, last timestamptz, last_day date, told_of bigint,
  followed uuid, of_followed text, asked_in bigint)
RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  me bigint := second_lock.kin();
  day date := second_lock.today();
  born date;
  custody_since date;
  custody_until date;
  by_age boolean;
  answers boolean := false;
  hidden_other boolean;
  things uuid[] := '{}';
  taker bigint;
BEGIN
  IF me IS NULL OR second_lock.decided('closes', about, whose, of_kind, item) THEN RETURN false; END IF;
  IF told_of IS NOT NULL THEN
    taker := (SELECT unit.authority_id FROM sharing_disclosure given JOIN organisations_unit unit
              ON unit.id = given.receiver_id WHERE given.id = told_of AND given.way = 'delivered');
    things := ARRAY(SELECT named.ref FROM second_lock.shared_in(told_of) named);
    IF EXISTS (SELECT FROM second_lock.shared_in(told_of) named
               WHERE second_lock.decided('closes', about, whose, named.kind, named.ref)
                  OR second_lock.decided('closes', about, taker, named.kind, named.ref)) THEN RETURN false; END IF;
  END IF;
  IF asked_in IS NOT NULL THEN
    things := things || ARRAY(SELECT named.ref FROM second_lock.named_in(asked_in) named);
    IF EXISTS (SELECT FROM second_lock.named_in(asked_in) named
               WHERE second_lock.decided('closes', about, whose, named.kind, named.ref)) THEN RETURN false; END IF;
  END IF;
  IF followed IS NOT NULL AND second_lock.decided('closes', about, whose, of_followed, followed) THEN
    RETURN false;
  END IF;
  born := (SELECT birth_date FROM people_person WHERE id = about);
  IF about = me THEN
    by_age := coalesce(
      day >= born + make_interval(years => second_lock.age_for('young_person_reads_from', whose, day)), false);
  ELSE
    IF (SELECT protection FROM people_person WHERE id = about) <> 'none'
       OR day >= born + make_interval(years => second_lock.age_of_law('custody_until', day)) THEN RETURN false; END IF;
    SELECT min(since), CASE WHEN bool_or(until IS NULL) THEN NULL ELSE max(until) END
      INTO custody_since, custody_until
      FROM people_guardianship WHERE guardian_id = me AND child_id = about AND since <= day;
    IF custody_since IS NULL THEN RETURN false; END IF;
    hidden_other := EXISTS (
      SELECT FROM people_guardianship held JOIN people_person other ON other.id = held.guardian_id
      WHERE held.child_id = about AND held.guardian_id <> me AND held.since <= day
        AND (held.until IS NULL OR held.until >= day) AND other.protection <> 'none');
    by_age := NOT hidden_other AND coalesce(
      day < born + make_interval(years => second_lock.age_for('guardian_reads_until', whose, day)), false);
    IF childs OR EXISTS (SELECT FROM sharing_familymark WHERE child_id = about AND note = 'told_alone'
                         AND (item_ref IN (item, followed) OR item_ref = ANY (things))) THEN
      RETURN false;
    END IF;
    IF custody_until IS NULL OR custody_until >= day THEN
      answers := NOT hidden_other;
    ELSIF first IS NULL OR last > (custody_until + time '23:59:59') AT TIME ZONE 'Europe/Stockholm'
          OR last_day > custody_until THEN
      RETURN false;
    END IF;
  END IF;
  IF usual AND (by_age OR (asks_guardian AND answers) OR (asks_child AND about = me))
     AND EXISTS (SELECT FROM sharing_familymet met WHERE met.person_id = me AND met.child_id = about
                 AND (NOT spoken OR met.item_ref = item))
     AND NOT EXISTS (SELECT FROM sharing_familymark WHERE child_id = about AND item_ref = item AND note <> 'told_alone')
     AND NOT EXISTS (SELECT FROM sharing_disclosureitem thing JOIN sharing_familymark mark ON mark.item_ref = thing.ref
                     WHERE thing.disclosure_id = told_of AND mark.child_id = about AND mark.note <> 'told_alone'
                       AND NOT second_lock.decided('opens', about, whose, thing.kind, thing.ref)) THEN
    RETURN true;
  END IF;
  RETURN second_lock.decided('opens', about, whose, of_kind, item);
END $$;

-- Children of the open duties of the post, and of those that were copied to it.
CREATE OR REPLACE FUNCTION second_lock.children_of_duties_at(mine bigint) RETURNS bigint[]
LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN ARRAY(
    SELECT child_id FROM public.duties_duty WHERE post_id = mine AND state = 'open' AND child_id IS NOT NULL
    UNION ALL
    SELECT duty.child_id FROM public.duties_escalation copy JOIN public.duties_duty duty ON duty.id = copy.duty_id
    WHERE copy.to_post_id = mine AND duty.state = 'open' AND duty.child_id IS NOT NULL);
END $$;

-- The yes that a disclosure or a team rests on, for those that may be read.
CREATE OR REPLACE FUNCTION second_lock.rested_on() RETURNS bigint[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  RETURN ARRAY(
    SELECT consent_id FROM sharing_disclosure WHERE id = ANY (second_lock.seen_sharing_disclosure())
      AND consent_id IS NOT NULL
    UNION
    SELECT consent_id FROM circle_team WHERE id = ANY (second_lock.seen_circle_team()) AND consent_id IS NOT NULL);
END $$;

-- The persons whom a request reads besides those who hold posts, but for who has custody: oneself; the children around
-- the post and those of its duties, and those of the own family, none of them hidden.
CREATE OR REPLACE FUNCTION second_lock.readable() RETURNS bigint[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
  mine bigint;
  hidden bigint[];
  around bigint[] := '{}';
  more bigint[] := '{}';
BEGIN
  IF second_lock.told_post() IS NULL THEN
    hidden := second_lock.hidden_from(NULL, second_lock.account());
    more := second_lock.kin_children();
  ELSE
    mine := second_lock.post();
    IF mine IS NOT NULL THEN
      hidden := second_lock.hidden_from(mine, NULL);
      around := second_lock.children_of(mine, hidden);
      more := second_lock.children_of_duties_at(mine);
    END IF;
  END IF;
  RETURN second_lock.person() || around || ARRAY(SELECT one FROM unnest(more) one WHERE one <> ALL (hidden));
END $$;

-- Who has custody of those children, and is not hidden; and of the hidden those who have, or have had, custody of such a
-- child. Their rows name nobody (names lie in the vault), and who decides for a child cannot be told without knowing that
-- there is somebody. Apart from the children, since most questions are about them and end there.
CREATE OR REPLACE FUNCTION second_lock.custodians() RETURNS bigint[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
  mine bigint;
  hidden bigint[];
  around bigint[] := '{}';
  own bigint[] := '{}';
  day date := second_lock.today();
BEGIN
  IF second_lock.told_post() IS NULL THEN
    hidden := second_lock.hidden_from(NULL, second_lock.account());
    own := second_lock.kin_children();
  ELSE
    mine := second_lock.post();
    IF mine IS NULL THEN RETURN '{}'; END IF;
    hidden := second_lock.hidden_from(mine, NULL);
    around := second_lock.children_of(mine, hidden);
  END IF;
  RETURN ARRAY(
    SELECT guardian_id FROM people_guardianship WHERE child_id = ANY (around || own) AND CASE
      WHEN guardian_id = ANY (hidden) THEN child_id <> ALL (hidden)
      ELSE child_id = ANY (own) OR (since <= day AND (until IS NULL OR until >= day)) END);
END $$;

-- The person with this reference.
CREATE OR REPLACE FUNCTION second_lock.person_with(asked uuid) RETURNS bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  RETURN (SELECT id FROM people_person WHERE ref = asked);
END $$;

-- May a question for consent that this authority has put about this person be read: then so may its words.
CREATE OR REPLACE FUNCTION second_lock.reads_texts(asked uuid, of_authority uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  RETURN EXISTS (
    SELECT FROM sharing_consent consent
    JOIN people_person child ON child.id = consent.child_id AND child.ref = asked
    JOIN organisations_authority authority ON authority.id = consent.authority_id AND authority.ref = of_authority
    WHERE consent.id = ANY (second_lock.seen_sharing_consent()));
END $$;

-- Two numbers and the names of master keys, and nothing else: sealed values whose keys are not here, keys of what has
-- been weeded that are, and by which master keys ("use:name", from the header of what is sealed) the keys are wrapped.
CREATE OR REPLACE FUNCTION second_lock.keys_out_of_order(OUT missing bigint, OUT back bigint, OUT masters text[])
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  missing := (
    SELECT count(*) FROM (
      SELECT person.ref, 'number' AS use, '00000000-0000-0000-0000-000000000000'::uuid AS authority
      FROM people_identity held JOIN people_person person ON person.id = held.person_id
      UNION ALL
      SELECT person.ref, 'vault', '00000000-0000-0000-0000-000000000000'::uuid
      FROM people_protecteddetails held JOIN people_person person ON person.id = held.person_id
      UNION ALL
      SELECT person.ref, 'text', authority.ref
      FROM sharing_consenttext held JOIN sharing_consent consent ON consent.id = held.consent_id
      JOIN people_person person ON person.id = consent.child_id
      JOIN organisations_authority authority ON authority.id = consent.authority_id
      WHERE held.digest <> ''
    ) held
    WHERE NOT EXISTS (SELECT FROM people_personkey one WHERE one.person_ref = held.ref AND one.use = held.use
                      AND one.authority_ref = held.authority));
  back := (
    SELECT count(*) FROM people_personkey one
    WHERE (EXISTS (SELECT FROM retention_tombstone stone WHERE stone.kind = 'person'
                   AND stone.subject_ref = one.person_ref)
           AND NOT EXISTS (SELECT FROM people_person person WHERE person.ref = one.person_ref))
       OR (one.use = 'text'
           AND EXISTS (SELECT FROM retention_tombstone stone WHERE stone.kind = 'file'
                       AND stone.subject_ref = one.person_ref AND stone.authority_ref = one.authority_ref)
           AND NOT EXISTS (
             SELECT FROM sharing_consenttext held JOIN sharing_consent consent ON consent.id = held.consent_id
             JOIN people_person person ON person.id = consent.child_id
             JOIN organisations_authority authority ON authority.id = consent.authority_id
             WHERE person.ref = one.person_ref AND authority.ref = one.authority_ref)));
  masters := ARRAY(
    SELECT DISTINCT use || ':' || encode(substring(wrapped FROM 3 FOR get_byte(wrapped, 1)), 'escape')
    FROM people_personkey WHERE length(wrapped) > 2);
END $$;
