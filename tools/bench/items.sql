-- SPDX-License-Identifier: Apache-2.0
-- Rows of about 250 bytes, with nulls, quotes and a nested document, as in real tables.
create table base (
  id bigint primary key, quantity integer not null, title text not null, description text,
  price numeric(12, 2) not null, active boolean not null, updated_at timestamptz not null, attributes jsonb not null
);

create function make_rows(first bigint, last bigint) returns setof base language sql as $$
  select
    id, id % 1000, 'title of row ' || id,
    case when id % 16 <> 0 then
      'a line of a hundred bytes that says what the ' || case when id % 7 = 0 then '"thing"' else '''thing''' end
      || ' is good for, and where it may be kept' end,
    (id % 1000000) / 100.0, id % 3 = 0, timestamptz '2026-01-02 03:04:05+00' + id % 1000000 * interval '1 millisecond',
    jsonb_build_object(
      'size', 10 + id % 90, 'tags', jsonb_build_array('red', 'green'),
      'origin', jsonb_build_object('country', 'NL', 'batch', id % 1000))
  from generate_series(first, last) id
$$;

create function fill(target regclass, first bigint, last bigint) returns void language plpgsql as $$
begin
  execute format('insert into %s select * from make_rows($1, $2)', target) using first, last;
end
$$;

create procedure write_rows(target regclass, first bigint, last bigint) language plpgsql as $$
begin
  while first <= last loop
    execute format('insert into %s select * from make_rows($1, $2)', target) using first, least(first + 99, last);
    commit;
    first := first + 100;
  end loop;
end
$$;
