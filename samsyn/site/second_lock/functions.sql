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
BEGIN
  IF asked IS NULL THEN RETURN NULL; END IF;
  me := (SELECT person_id FROM people_account
         WHERE id = second_lock.told_account() AND is_active AND NOT is_operator);
  IF me IS NULL OR NOT EXISTS (
    SELECT FROM organisations_post WHERE id = asked AND (ended_on IS NULL OR ended_on >= day)) THEN RETURN NULL;
  END IF;
  IF EXISTS (SELECT FROM organisations_holding WHERE post_id = asked AND person_id = me AND since <= day
             AND (until IS NULL OR until >= day)) THEN RETURN asked; END IF;
  IF second_lock.present_at(asked, day) IS NULL AND second_lock.answers_for(asked, day) = me THEN RETURN asked; END IF;
  RETURN NULL;
END $$;

-- The unit of the post that was told and those above it, nearest first. Whether the post is this account's own is not
-- asked here: every policy asks that as well.
CREATE OR REPLACE FUNCTION second_lock.units() RETURNS bigint[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  RETURN (
    SELECT ARRAY[unit.id] || ARRAY(SELECT above::bigint FROM unnest(string_to_array(unit.path, '/')) above
                                   WHERE above <> '')
    FROM organisations_post post JOIN organisations_unit unit ON unit.id = post.unit_id
    WHERE post.id = second_lock.told_post());
END $$;

-- The authority of the post that was told. Whether the post is this account's own: as above.
CREATE OR REPLACE FUNCTION second_lock.authority() RETURNS bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  RETURN (SELECT unit.authority_id FROM organisations_post post JOIN organisations_unit unit ON unit.id = post.unit_id
          WHERE post.id = second_lock.told_post());
END $$;

-- Children of whom the post reads what its authority holds.
CREATE OR REPLACE FUNCTION second_lock.whole() RETURNS bigint[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  mine bigint := second_lock.post();
  here bigint;
  moment timestamptz := second_lock.moment();
BEGIN
  IF mine IS NULL THEN RETURN '{}'; END IF;
  here := (SELECT unit_id FROM organisations_post WHERE id = mine);
  RETURN ARRAY(
    SELECT child_id FROM sharing_involvement WHERE post_id = mine AND scope = 'whole'
      AND since <= moment AND (until IS NULL OR until > moment)
    UNION
    SELECT child_id FROM sharing_involvement WHERE unit_id = here AND post_id IS NULL AND scope = 'whole'
      AND since <= moment AND (until IS NULL OR until > moment));
END $$;

-- References of single things that the post reads: its own, and those of this kind that were opened to its unit.
CREATE OR REPLACE FUNCTION second_lock.things(of_kind text) RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  mine bigint := second_lock.post();
  here bigint;
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
      AND item.kind = of_kind);
END $$;

-- Row ids of the disclosures that are open to the post's unit.
CREATE OR REPLACE FUNCTION second_lock.opened() RETURNS bigint[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  mine bigint := second_lock.post();
  moment timestamptz := second_lock.moment();
BEGIN
  IF mine IS NULL THEN RETURN '{}'; END IF;
  RETURN ARRAY(
    SELECT opened.id FROM sharing_disclosure opened
    WHERE opened.receiver_id = (SELECT unit_id FROM organisations_post WHERE id = mine) AND opened.way = 'open'
      AND opened.since <= moment AND (opened.ended_at IS NULL OR opened.ended_at > moment)
      AND opened.expires_on >= second_lock.today());
END $$;

-- The children around the post: by any reason of its own or its unit's, or by something opened to its unit.
CREATE OR REPLACE FUNCTION second_lock.children() RETURNS bigint[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  mine bigint := second_lock.post();
  near bigint[] := second_lock.units();
  moment timestamptz := second_lock.moment();
BEGIN
  IF mine IS NULL THEN RETURN '{}'; END IF;
  RETURN ARRAY(
    SELECT child_id FROM sharing_involvement WHERE post_id = mine
      AND since <= moment AND (until IS NULL OR until > moment)
    UNION
    SELECT child_id FROM sharing_involvement WHERE unit_id = ANY (near) AND post_id IS NULL
      AND (unit_id = near[1] OR scope = 'find') AND since <= moment AND (until IS NULL OR until > moment)
    UNION
    SELECT child_id FROM sharing_disclosure WHERE id = ANY (second_lock.opened()));
END $$;

-- Those children, and who has custody of them today.
CREATE OR REPLACE FUNCTION second_lock.persons() RETURNS bigint[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  around bigint[] := second_lock.children();
  day date := second_lock.today();
BEGIN
  RETURN around || ARRAY(
    SELECT guardian_id FROM people_guardianship WHERE child_id = ANY (around) AND since <= day
      AND (until IS NULL OR until >= day));
END $$;

-- The public reference of persons, and nothing else of them: the trail names whom a page was about.
CREATE OR REPLACE FUNCTION second_lock.reference_of(asked bigint[]) RETURNS TABLE (id bigint, ref uuid)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  RETURN QUERY SELECT one.id, one.ref FROM people_person one WHERE one.id = ANY (asked);
END $$;
